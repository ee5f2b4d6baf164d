import { fileURLToPath } from 'node:url';
import hardhatEthers from '@nomicfoundation/hardhat-ethers';
import hardhatEthersChaiMatchers from '@nomicfoundation/hardhat-ethers-chai-matchers';
import hardhatMocha from '@nomicfoundation/hardhat-mocha';
import hardhatNetworkHelpers from '@nomicfoundation/hardhat-network-helpers';
import { defineConfig } from 'hardhat/config';

const deep = process.env.XINSHU_DEEP === '1';
/** Instrumented contracts go elsewhere: what is deployed is read from artifacts/. Set by scripts/dev/coverage.ts. */
const covered = process.env.XINSHU_COVERAGE === '1';

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
  coverage: { skipFiles: ['contracts/mocks/**', 'contracts/verifiers/**', 'test/**'] },
  paths: {
    sources: './contracts',
    tests: { mocha: './test/contracts', solidity: './test/contracts' },
    ...(covered ? { artifacts: './coverage/artifacts', cache: './coverage/cache' } : {}),
  },
  test: {
    mocha: { timeout: 120_000 },
    solidity: {
      fuzz: { runs: deep ? 5000 : 128, seed: process.env.XINSHU_SEED ?? '0x58696e736875' },
      invariant: { runs: deep ? 256 : 16, depth: deep ? 256 : 64, failOnRevert: true },
    },
  },
});
