import type { Address, Hex } from '../../../domain/ids.ts';
import type { Namespace } from '../../../ports/namespace.ts';

/** A transaction that was signed and may have reached the node. */
export type JournalEntry = { readonly nonce: number; readonly to: Address; readonly data: Hex; readonly raw: Hex; readonly hash: Hex };

/** Which transactions are under way, kept over a restart so that none is sent twice. `hash -> entry` */
export interface OutboxJournal {
  load(): Promise<readonly JournalEntry[]>;
  /** Durable when it resolves: called before the transactions leave. */
  add(entries: readonly JournalEntry[]): Promise<void>;
  remove(hashes: readonly Hex[]): Promise<void>;
}

const keyOf = (hash: Hex): Uint8Array => Buffer.from(hash.slice(2), 'hex');

export const outboxJournal = (namespace: Namespace): OutboxJournal => ({
  load: async () => {
    const entries: JournalEntry[] = [];
    for await (const [, value] of namespace.range()) entries.push(JSON.parse(Buffer.from(value).toString()) as JournalEntry);
    return entries.sort((a, b) => a.nonce - b.nonce);
  },
  add: (entries) =>
    namespace.write(entries.map((entry) => ({ type: 'put', key: keyOf(entry.hash), value: Buffer.from(JSON.stringify(entry)) }))),
  remove: (hashes) => namespace.write(hashes.map((hash) => ({ type: 'del', key: keyOf(hash) }))),
});
