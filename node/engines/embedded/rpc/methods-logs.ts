import { findLogs, logBounds } from '../logs.ts';
import { formatLog } from './format.ts';
import type { RpcMethods } from './method.ts';
import { address, blockNumber, hash, record } from './params.ts';
import { invalidParams, RpcError, rpcCode } from './rpc-error.ts';

const alternativesBound = 100;

export const logMethods: RpcMethods = {
  eth_getLogs: async ({ chain, store }, [given]) => {
    const filter = record(given, 'filter');
    const wanted = { addresses: addresses(filter.address), topics: topics(filter.topics) };
    const range = blockRange();
    if (range === undefined) return [];
    const query = await findLogs(store, chain, wanted, range.from, range.to);
    if (query.kind === 'too-many') throw new RpcError(rpcCode.limitExceeded, `query returned more than ${logBounds.results} results`);
    if (query.kind === 'too-wide') {
      throw new RpcError(rpcCode.limitExceeded, `query without address or topic spans more than ${logBounds.unindexedBlocks} blocks`);
    }
    return query.logs.map((found) => formatLog(chain.blockAt(found.number), found));

    function blockRange(): { from: bigint; to: bigint } | undefined {
      if (filter.blockHash !== undefined) {
        if (filter.fromBlock !== undefined || filter.toBlock !== undefined)
          throw invalidParams('filter: blockHash excludes fromBlock and toBlock');
        const number = chain.numberOf(hash(filter.blockHash, 'filter.blockHash'));
        if (number === undefined) throw new RpcError(rpcCode.server, 'unknown block');
        return { from: number, to: number };
      }
      const from = blockNumber(chain, filter.fromBlock ?? 'latest');
      const to = blockNumber(chain, filter.toBlock ?? 'latest') ?? chain.head.header.number;
      if (from !== undefined && from > to) throw invalidParams('filter: fromBlock is after toBlock');
      return from === undefined ? undefined : { from, to };
    }
  },
};

function addresses(value: unknown): Uint8Array[] {
  if (value === undefined || value === null) return [];
  const list = bounded(Array.isArray(value) ? value : [value], 'filter.address');
  return list.map((one) => address(one, 'filter.address').bytes);
}

function topics(value: unknown): Uint8Array[][] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > 4) throw invalidParams('filter.topics: expected an array of at most 4');
  return value.map((position, index) => {
    if (position === null) return [];
    const list = bounded(Array.isArray(position) ? position : [position], `filter.topics[${index}]`);
    return list.map((one) => hash(one, `filter.topics[${index}]`));
  });
}

function bounded(list: unknown[], name: string): unknown[] {
  if (list.length > alternativesBound) throw invalidParams(`${name}: at most ${alternativesBound} alternatives`);
  return list;
}
