import type { Address, Hex } from '../../../domain/ids.ts';
import type { BlockRef } from '../../../domain/registry-state.ts';
import { isMethodNotFound, type RpcCall, type RpcClient, type RpcOutcome, RpcUnreachable } from './rpc-client.ts';

export type Header = BlockRef & { readonly parent: Hex; readonly bloom: Hex };
export type ChainLog = {
  readonly address: Address;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly block: number;
  readonly blockHash: Hex;
  readonly index: number;
};
/** Which block is the newest final one: `latest` for engines whose every block is final, `finalized` for others. */
export type FinalTag = 'latest' | 'finalized';

const headersInBatch = 200;

/** What is read of the chain to follow it. Throws RpcUnreachable or RpcError; an answer of another shape counts as none. */
export interface ChainReader {
  chainId(): Promise<number>;
  newest(): Promise<Header>;
  /** undefined where the node does not have the block. In the order of the numbers. */
  headers(numbers: readonly number[]): Promise<readonly (Header | undefined)[]>;
  /** Logs of these contracts in [from, to], in the order of the chain. */
  logs(addresses: readonly string[], from: number, to: number): Promise<readonly ChainLog[]>;
  /** Logs of one contract in this very block. Throws RpcError where the node does not have the block. */
  logsIn(address: string, block: Hex): Promise<readonly ChainLog[]>;
  hasCode(address: string): Promise<boolean>;
  /** Asks the node for a block of this second, since block time moves with blocks only. Nothing where the engine makes blocks by itself. */
  freshBlock(): Promise<void>;
}

export const chainReader = (rpc: RpcClient, tag: FinalTag): ChainReader => {
  let makesFreshBlocks = true;
  const headerCall = (block: string): RpcCall => ({ method: 'eth_getBlockByNumber', params: [block, false] });
  return {
    chainId: async () => quantity(await rpc.call('eth_chainId', [])),
    newest: async () => {
      const block = await rpc.call('eth_getBlockByNumber', [tag, false]);
      return parseHeader(block);
    },
    headers: async (numbers) => {
      const found: (Header | undefined)[] = [];
      for (let at = 0; at < numbers.length; at += headersInBatch) {
        const outcomes = await rpc.batch(numbers.slice(at, at + headersInBatch).map((number) => headerCall(hexNumber(number))));
        for (const outcome of outcomes) {
          const block = unwrap(outcome);
          found.push(block === null ? undefined : parseHeader(block));
        }
      }
      return found;
    },
    logs: async (addresses, from, to) => {
      if (addresses.length === 0 || from > to) return [];
      return parseLogs(await rpc.call('eth_getLogs', [{ address: addresses, fromBlock: hexNumber(from), toBlock: hexNumber(to) }]));
    },
    logsIn: async (address, blockHash) => parseLogs(await rpc.call('eth_getLogs', [{ address, blockHash }])),
    hasCode: async (address) => hex(await rpc.call('eth_getCode', [address, tag])) !== '0x',
    freshBlock: async () => {
      if (!makesFreshBlocks) return;
      try {
        await rpc.call('xinshu_freshBlock', []);
      } catch (error) {
        if (!isMethodNotFound(error)) throw error;
        makesFreshBlocks = false;
      }
    },
  };
};

export const hexNumber = (number: number | bigint): Hex => `0x${number.toString(16)}`;

const unwrap = (outcome: RpcOutcome): unknown => {
  if (!outcome.ok) throw outcome.error;
  return outcome.result;
};

const quantity = (value: unknown): number => {
  const number = typeof value === 'string' && /^0x[0-9a-f]+$/i.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw new RpcUnreachable('not a quantity');
  return number;
};

const hex = (value: unknown, length?: number): Hex => {
  if (typeof value !== 'string' || !/^0x[0-9a-f]*$/i.test(value)) throw new RpcUnreachable('not hex');
  if (length !== undefined && value.length !== 2 + 2 * length) throw new RpcUnreachable('hex of another length');
  return value.toLowerCase() as Hex;
};

const record = (value: unknown): Record<string, unknown> => {
  if (typeof value !== 'object' || value === null) throw new RpcUnreachable('not an object');
  return value as Record<string, unknown>;
};

const parseHeader = (value: unknown): Header => {
  const block = record(value);
  return {
    number: quantity(block.number),
    hash: hex(block.hash, 32),
    parent: hex(block.parentHash, 32),
    time: quantity(block.timestamp),
    bloom: hex(block.logsBloom, 256),
  };
};

const parseLogs = (logs: unknown): readonly ChainLog[] => {
  if (!Array.isArray(logs)) throw new RpcUnreachable('logs are not a list');
  return logs.map(parseLog).sort((a, b) => a.block - b.block || a.index - b.index);
};

export const parseLog = (value: unknown): ChainLog => {
  const log = record(value);
  if (!Array.isArray(log.topics)) throw new RpcUnreachable('topics are not a list');
  return {
    address: hex(log.address, 20) as Address,
    topics: log.topics.map((topic) => hex(topic, 32)),
    data: hex(log.data),
    block: quantity(log.blockNumber),
    blockHash: hex(log.blockHash, 32),
    index: quantity(log.logIndex),
  };
};
