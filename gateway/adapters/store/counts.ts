import { readU64, u64 } from './bytes.ts';
import type { Database } from './database.ts';
import type { Transaction } from './transaction.ts';

/** Counts held in memory; the others are read again. */
const cached = 32_768;

/** Exact counts by name, in memory as far as they are in use: the store is what they are, this saves reading it for each append. */
export class Counts<Name extends string> {
  readonly #keyOf: (name: Name) => Buffer;
  readonly #durable = new Map<Name, number>();
  readonly #staged = new Map<Name, number>();

  constructor(keyOf: (name: Name) => Buffer) {
    this.#keyOf = keyOf;
  }

  /** As the running group sees it. */
  get(transaction: Transaction, name: Name): number {
    const known = this.#staged.get(name) ?? this.#durable.get(name);
    if (known !== undefined) return known;
    const stored = transaction.get(this.#keyOf(name));
    return stored === undefined ? 0 : readU64(stored);
  }

  set(name: Name, count: number): void {
    this.#staged.set(name, count);
  }

  /** As it is durable. */
  read(database: Database, name: Name): number {
    const stored = database.get(this.#keyOf(name));
    return stored === undefined ? 0 : readU64(stored);
  }

  seal(transaction: Transaction): void {
    for (const [name, count] of this.#staged) transaction.add(this.#keyOf(name), u64(count));
  }

  committed(): void {
    for (const [name, count] of this.#staged) this.#durable.set(name, count);
    this.#staged.clear();
    while (this.#durable.size > cached) this.#durable.delete(this.#durable.keys().next().value as Name);
  }

  forget(): void {
    this.#staged.clear();
    this.#durable.clear();
  }
}
