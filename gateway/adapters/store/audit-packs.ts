import { XinshuError } from '../../domain/errors.ts';
import type { StoredLeaf } from '../../ports/audit-store.ts';
import { Arena } from './arena.ts';
import type { AuditKeys } from './audit-keys.ts';
import { readU64 } from './bytes.ts';
import type { Database } from './database.ts';
import { type Parts, pack, packed, packStart, packWidth, unpack } from './packs.ts';
import type { Transaction } from './transaction.ts';

/** What the log holds of one entry: the leaf itself, and what may be erased, sealed, beside it. */
export type Entry = { readonly leaf: Uint8Array; readonly aside: Uint8Array };
/** The same before it is written. */
export type Staged = { readonly leaf: Uint8Array; readonly aside: Parts };
/** Where an entry lies: its index, and how far behind the begin of its pack. */
export type Place = { readonly index: number; readonly offset: number };

const corrupt = (part: 'leaf' | 'aside', index: number): XinshuError => new XinshuError('STORE_CORRUPT', { part, index });

/** The entries of one log: the group that is being put together in memory, all others in packs of neighbours in the store. */
export class Packs {
  readonly #keys: AuditKeys;
  #staged: Staged[] = [];
  /** What the batch of a group is made of; the next group comes after that batch. */
  readonly #arena = new Arena();
  #groupStart = 0;

  constructor(keys: AuditKeys) {
    this.#keys = keys;
  }

  /** Stages the next entry and tells where it will lie. */
  push(entry: Staged): Place {
    const index = this.#groupStart + this.#staged.length;
    this.#staged.push(entry);
    return { index, offset: index - packStart(index, this.#groupStart) };
  }

  seal(transaction: Transaction): void {
    const end = this.#groupStart + this.#staged.length;
    this.#arena.reset();
    for (let first = this.#groupStart; first < end; ) {
      const next = Math.min(end, first - (first % packWidth) + packWidth);
      const entries = this.#staged.slice(first - this.#groupStart, next - this.#groupStart);
      transaction.add(
        this.#keys.leaves(first),
        pack(
          entries.map(({ leaf }) => [leaf]),
          this.#arena,
        ),
      );
      transaction.add(
        this.#keys.asides(first),
        pack(
          entries.map(({ aside }) => aside),
          this.#arena,
        ),
      );
      first = next;
    }
  }

  committed(): void {
    this.#groupStart += this.#staged.length;
    this.#staged = [];
  }

  reload(size: number): void {
    this.#groupStart = size;
    this.#staged = [];
  }

  /** The entry at a place, staged or stored, without waiting. */
  at(get: (key: Buffer) => Buffer | undefined, { index, offset }: Place): Entry {
    const staged = this.#staged[index - this.#groupStart];
    if (staged !== undefined) return { leaf: staged.leaf, aside: Buffer.concat(staged.aside) };
    const leaf = unpack(get(this.#keys.leaves(index - offset)) ?? Buffer.alloc(0), offset);
    const aside = unpack(get(this.#keys.asides(index - offset)) ?? Buffer.alloc(0), offset);
    if (leaf === undefined) throw corrupt('leaf', index);
    if (aside === undefined) throw corrupt('aside', index);
    return { leaf, aside };
  }

  /** What lies beside one leaf. */
  async aside(database: Database, index: number): Promise<Buffer> {
    const [oldest, after] = [this.#keys.asides(index - (index % packWidth)), this.#keys.asides(index + 1)];
    for await (const [key, record] of database.range({ gte: oldest, lt: after, reverse: true, limit: 1 })) {
      const aside = unpack(record, index - readU64(key, key.length - 8));
      if (aside !== undefined) return aside;
    }
    throw corrupt('aside', index);
  }

  /** The leaves of [from, to), none left out. The store must hold them, and `to` no more than what is durable. */
  async *leaves(database: Database, from: number, to: number): AsyncGenerator<StoredLeaf> {
    let next = from;
    const range = { gte: this.#keys.leaves(from - (from % packWidth)), lt: this.#keys.leaves(to) };
    for await (const [key, record] of database.range(range)) {
      const first = readU64(key, key.length - 8);
      if (first > next) break;
      const end = Math.min(to, first + packed(record));
      for (; next < end; next += 1) {
        const leaf = unpack(record, next - first);
        if (leaf === undefined) throw corrupt('leaf', next);
        yield { index: next, leaf };
      }
    }
    if (next < to) throw corrupt('leaf', next);
  }
}
