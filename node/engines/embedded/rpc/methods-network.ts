import { hexNumber } from './format.ts';
import type { RpcMethods } from './method.ts';
import { blockNumber, quantity } from './params.ts';
import { invalidParams, RpcError, rpcCode } from './rpc-error.ts';

const clientVersion = 'xinshu-embedded/1';

/** The chain as a whole, and fees, which are all zero here. */
export const networkMethods: RpcMethods = {
  eth_chainId: ({ genesis }) => hexNumber(genesis.chainId),
  net_version: ({ genesis }) => String(genesis.chainId),
  net_listening: () => true,
  web3_clientVersion: () => clientVersion,
  eth_syncing: () => false,
  eth_accounts: () => [],
  eth_gasPrice: () => '0x0',
  eth_maxPriorityFeePerGas: () => '0x0',

  eth_feeHistory: ({ chain }, [count, newest, percentiles]) => {
    const asked = quantity(count, 'block count');
    if (asked < 1n || asked > 1024n) throw invalidParams('block count: expected 1 to 1024');
    if (percentiles !== undefined && percentiles !== null && (!Array.isArray(percentiles) || percentiles.length > 100)) {
      throw invalidParams('percentiles: expected an array of at most 100');
    }
    const last = blockNumber(chain, newest);
    if (last === undefined) throw new RpcError(rpcCode.server, 'request beyond head block');
    const first = last + 1n > asked ? last + 1n - asked : 0n;
    const ratios: number[] = [];
    for (let number = first; number <= last; number += 1n) {
      const { gasUsed, gasLimit } = chain.blockAt(number).header;
      ratios.push(Number(gasUsed) / Number(gasLimit));
    }
    return {
      oldestBlock: hexNumber(first),
      baseFeePerGas: [...ratios.map(() => '0x0'), '0x0'],
      gasUsedRatio: ratios,
      ...(Array.isArray(percentiles) ? { reward: ratios.map(() => percentiles.map(() => '0x0')) } : {}),
    };
  },
};
