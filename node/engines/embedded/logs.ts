import type { Log } from '@ethereumjs/evm';
import { bytesToHex } from '@ethereumjs/util';
import type { Chain } from './chain.ts';
import { decodeNumber, keys } from './keys.ts';
import type { LedgerStore } from './store.ts';

/** Which logs are asked for: any of the addresses (none: all), and at each position any of the topics (none: all). */
export interface LogFilter {
  readonly addresses: readonly Uint8Array[];
  readonly topics: readonly (readonly Uint8Array[])[];
}

export interface FoundLog {
  readonly number: bigint;
  readonly transactionIndex: number;
  readonly logIndex: number;
  readonly log: Log;
}

export type LogQuery =
  | { readonly kind: 'found'; readonly logs: readonly FoundLog[] }
  | { readonly kind: 'too-many' }
  | { readonly kind: 'too-wide' };

/** Bounds of one query: results, and blocks looked through if neither address nor topic narrows it. */
export const logBounds = { results: 10_000, unindexedBlocks: 10_000n } as const;

/** The logs of blocks [from, to] that fit, found through the index by address and topic. */
export async function findLogs(store: LedgerStore, chain: Chain, filter: LogFilter, from: bigint, to: bigint): Promise<LogQuery> {
  const narrowed = await indexedBlocks(store, filter, from, to);
  if (narrowed === undefined && to - from >= logBounds.unindexedBlocks) return { kind: 'too-wide' };
  const logs: FoundLog[] = [];
  for (const number of narrowed ?? numbers(from, to)) {
    for (const found of logsOf(chain, number)) {
      if (!fits(found.log, filter)) continue;
      if (logs.length === logBounds.results) return { kind: 'too-many' };
      logs.push(found);
    }
  }
  return { kind: 'found', logs };
}

/** All logs of one block, numbered through the block. */
export function* logsOf(chain: Chain, number: bigint): Generator<FoundLog> {
  let logIndex = 0;
  for (const [transactionIndex, receipt] of chain.receiptsOf(number).entries()) {
    for (const log of receipt.logs) yield { number, transactionIndex, logIndex: logIndex++, log };
  }
}

/** Ascending numbers of the blocks that hold a match for each criterion by itself; undefined if there is no criterion. */
async function indexedBlocks(store: LedgerStore, filter: LogFilter, from: bigint, to: bigint): Promise<bigint[] | undefined> {
  const criteria = [
    filter.addresses.map((address) => (number: bigint) => keys.logAddress(address, number)),
    ...filter.topics.map((topics, position) => topics.map((topic) => (number: bigint) => keys.logTopic(position, topic, number))),
  ].filter((alternatives) => alternatives.length > 0);
  if (criteria.length === 0) return undefined;

  let candidates: Set<bigint> | undefined;
  for (const alternatives of criteria) {
    const holding = new Set<bigint>();
    for (const keyAt of alternatives) {
      for await (const key of store.keysBetween(keyAt(from), keyAt(to))) {
        const number = decodeNumber(key);
        if (candidates === undefined || candidates.has(number)) holding.add(number);
      }
    }
    candidates = holding;
  }
  return [...(candidates ?? [])].sort((a, b) => (a < b ? -1 : 1));
}

function* numbers(from: bigint, to: bigint): Generator<bigint> {
  for (let number = from; number <= to; number += 1n) yield number;
}

function fits([address, topics]: Log, filter: LogFilter): boolean {
  const same = (a: Uint8Array, b: Uint8Array | undefined) => b !== undefined && bytesToHex(a) === bytesToHex(b);
  if (filter.addresses.length > 0 && !filter.addresses.some((wanted) => same(wanted, address))) return false;
  return filter.topics.every(
    (alternatives, position) => alternatives.length === 0 || alternatives.some((wanted) => same(wanted, topics[position])),
  );
}
