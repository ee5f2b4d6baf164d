import { fileURLToPath } from 'node:url';
import hardhatEthers from '@nomicfoundation/hardhat-ethers';
import hardhatEthersChaiMatchers from '@nomicfoundation/hardhat-ethers-chai-matchers';
import hardhatMocha from '@nomicfoundation/hardhat-mocha';
import hardhatNetworkHelpers from '@nomicfoundation/hardhat-network-helpers';
import { defineConfig } from 'hardhat/config';

export default defineConfig({
  plugins: [hardhatEthers, hardhatEthersChaiMatchers, hardhatMocha, hardhatNetworkHelpers],
  solidity: {
    version: '0.8.37',
    // solc as npm installs it: nothing is downloaded.
    path: fileURLToPath(import.meta.resolve('solc/soljson.js')),
    // The council's AccessManager is deployed as OpenZeppelin wrote it.
    npmFilesToBuild: ['@openzeppelin/contracts/access/manager/AccessManager.sol'],
    settings: { evmVersion: 'paris', optimizer: { enabled: true, runs: 200 } },
  },
  paths: { sources: './contracts', tests: { mocha: './test/contracts', solidity: './test/contracts' } },
});
