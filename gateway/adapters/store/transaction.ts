import type { Database, Write } from './database.ts';

/** The writes of one group commit while it is being put together: what was put is seen by `get` at once, and nothing of it by anyone else. */
export class Transaction {
  readonly #database: Database;
  readonly #staged = new Map<string, Write>();
  readonly #added: Write[] = [];
  #changes = 0;
  #bytes = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  get(key: Buffer): Buffer | undefined {
    const staged = this.#staged.get(key.toString('latin1'));
    if (staged === undefined) return this.#database.get(key);
    return staged.type === 'put' ? (staged.value as Buffer) : undefined;
  }

  put(key: Buffer, value: Uint8Array): void {
    this.#count(key, value);
    this.#staged.set(key.toString('latin1'), { type: 'put', key, value });
  }

  /** A put of a key that nothing else in this group reads or writes: spared the index of what is staged. */
  add(key: Buffer, value: Uint8Array): void {
    this.#count(key, value);
    this.#added.push({ type: 'put', key, value });
  }

  delete(key: Buffer): void {
    this.#count(key);
    this.#staged.set(key.toString('latin1'), { type: 'del', key });
  }

  /** A participant changed what it keeps elsewhere and will write with the group: `bytes` of it. */
  touch(bytes = 0): void {
    this.#changes += 1;
    this.#bytes += bytes;
  }

  #count(key: Buffer, value?: Uint8Array): void {
    this.#changes += 1;
    this.#bytes += key.length + (value?.length ?? 0);
  }

  /** How often anything was staged: tells whether a piece of work that threw had already changed something. */
  get changes(): number {
    return this.#changes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  writes(): Write[] {
    return [...this.#staged.values(), ...this.#added];
  }
}
