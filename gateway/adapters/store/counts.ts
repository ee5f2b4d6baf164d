import { readU64, u64 } from './bytes.ts';
import type { Database } from './database.ts';
import type { Transaction } from './transaction.ts';

/** Counts held in memory; the others are read again. */
const cached = 32_768;

/** Exact counts by store key, in memory as far as they are in use: the store is what they are, this only saves reading it for each append. */
export class Counts {
  readonly #durable = new Map<string, number>();
  readonly #staged = new Map<string, number>();

  /** As the running group sees it. */
  get(transaction: Transaction, key: Buffer): number {
    const name = key.toString('latin1');
    const known = this.#staged.get(name) ?? this.#durable.get(name);
    if (known !== undefined) return known;
    const stored = transaction.get(key);
    return stored === undefined ? 0 : readU64(stored);
  }

  set(transaction: Transaction, key: Buffer, count: number): void {
    this.#staged.set(key.toString('latin1'), count);
    transaction.put(key, u64(count));
  }

  /** As it is durable. */
  read(database: Database, key: Buffer): number {
    const stored = database.get(key);
    return stored === undefined ? 0 : readU64(stored);
  }

  committed(): void {
    for (const [name, count] of this.#staged) this.#durable.set(name, count);
    this.#staged.clear();
    while (this.#durable.size > cached) this.#durable.delete(this.#durable.keys().next().value as string);
  }

  forget(): void {
    this.#staged.clear();
    this.#durable.clear();
  }
}
