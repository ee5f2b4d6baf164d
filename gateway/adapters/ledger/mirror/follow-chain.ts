import { XinshuError } from '../../../domain/errors.ts';
import type { Address } from '../../../domain/ids.ts';
import type { BlockRef } from '../../../domain/registry-state.ts';
import type { ContractRef, RegistryEvent } from '../registry/entity.ts';
import type { ChainReader, Header } from '../rpc/chain-reader.ts';
import { bloomTest } from '../rpc/logs-bloom.ts';
import { RpcUnreachable } from '../rpc/rpc-client.ts';
import { collectEvents, directoryContract, isFollowed, type PlacedEvent } from './collect-events.ts';

export type FollowedBlock = { readonly ref: BlockRef; readonly events: readonly RegistryEvent[] };
/** `all`: every block is mirrored. `changed`: only blocks with events, and the last one. */
export type BlocksKept = 'all' | 'changed';

/** What is known of the chain so far: enough to see that it is still the same one. */
export interface KnownChain {
  readonly head: { readonly block: BlockRef } | undefined;
  ref(number: number): BlockRef | undefined;
  /** Every contract that the Directory ever named. */
  contracts(): readonly ContractRef[];
}

/**
 * The node's newest final block, when it fits what is known. Throws LEDGER_MISMATCH for a node with another block in the place of a mirrored one;
 * a node that is behind is no mismatch while what it has is the same.
 */
export const newestBlock = async (reader: ChainReader, known: KnownChain): Promise<Header> => {
  const newest = await reader.newest();
  const mirrored = known.ref(newest.number);
  if (mirrored !== undefined && mirrored.hash !== newest.hash) throw mismatch(newest.number, mirrored.hash, newest.hash);
  return newest;
};

/** Blocks in [from, to] with the events that take effect in them, checked to follow on the known head and on each other. */
export const followRange = async (
  reader: ChainReader,
  directory: Address,
  known: KnownChain,
  range: { readonly from: number; readonly to: Header | number; readonly kept: BlocksKept },
): Promise<readonly FollowedBlock[]> => {
  const last = typeof range.to === 'number' ? range.to : range.to.number;
  const events = await collectEvents(reader, [directoryContract(directory), ...known.contracts()], range.from, last);
  const headers = await headersOf(reader, numbersOf(events, range.from, last, range.kept), range.to);
  checkLinks(headers, known.head?.block);
  await checkComplete(reader, [directoryContract(directory), ...known.contracts().filter(isFollowed)], headers, events);
  return headers.map((header) => {
    const own = events.filter(({ block }) => block === header.number);
    checkLogs(own, header, known);
    return { ref: { number: header.number, hash: header.hash, time: header.time }, events: own.map(({ event }) => event) };
  });
};

const numbersOf = (events: readonly PlacedEvent[], from: number, to: number, kept: BlocksKept): number[] => {
  if (kept === 'all') return Array.from({ length: to - from + 1 }, (_, at) => from + at);
  return [...new Set([...events.map(({ block }) => block), to])].sort((a, b) => a - b);
};

const headersOf = async (reader: ChainReader, numbers: readonly number[], known: Header | number): Promise<readonly Header[]> => {
  const wanted = typeof known === 'number' ? numbers : numbers.filter((number) => number !== known.number);
  const fetched = await reader.headers(wanted);
  const headers = fetched.map((header) => {
    if (header === undefined) throw new RpcUnreachable('the node does not have a block below its newest');
    return header;
  });
  return typeof known === 'number' ? headers : [...headers, known];
};

const checkLinks = (headers: readonly Header[], head: BlockRef | undefined): void => {
  let before = head;
  for (const header of headers) {
    if (before !== undefined && header.number === before.number + 1 && header.parent !== before.hash) {
      throw mismatch(before.number, before.hash, header.parent);
    }
    before = header;
  }
};

/** A log of another block than the header's: two histories in one answer. Older logs of a newly named contract are checked where their block is known. */
const checkLogs = (events: readonly PlacedEvent[], header: Header, known: KnownChain): void => {
  for (const { log } of events) {
    const ref = log.block === header.number ? header : known.ref(log.block);
    if (ref !== undefined && ref.hash !== log.blockHash) throw mismatch(log.block, ref.hash, log.blockHash);
  }
};

/**
 * A node that answers for its newest block may not have that block's logs at hand yet, or another node behind the same address may not have the block: the
 * logs are then too few and nothing says so but the bloom filter of the header, which the hash covers.
 */
const checkComplete = async (
  reader: ChainReader,
  contracts: readonly ContractRef[],
  headers: readonly Header[],
  events: readonly PlacedEvent[],
): Promise<void> => {
  const seen = new Set(events.map(({ log }) => `${log.block}/${log.address.toLowerCase()}`));
  const tests = new Map(contracts.map(({ address }) => [address.toLowerCase(), bloomTest(address)]));
  for (const { number, hash, bloom } of headers) {
    for (const [address, mayHoldLog] of tests) {
      if (seen.has(`${number}/${address}`) || !mayHoldLog(bloom)) continue;
      const missed = await reader.logsIn(address, hash);
      if (missed.length > 0) throw new RpcUnreachable('the node left out logs');
    }
  }
};

const mismatch = (block: number, known: string, found: string): XinshuError => new XinshuError('LEDGER_MISMATCH', { block, known, found });
