import { XinshuError } from '../../domain/errors.ts';
import type { Database } from './database.ts';
import { Transaction } from './transaction.ts';

/** One piece of work of the critical section: synchronous, sees all earlier work, and stages everything it changes. If it throws, it must throw before it changes anything. */
export type Work<T> = (transaction: Transaction) => T;

/** Whoever keeps something in memory that stands for what is in the store. */
export type Participant = {
  /** The group is put together: stage what belongs to it as a whole; resolves when what must be durable before it is so. */
  seal(transaction: Transaction): Promise<void> | void;
  /** The group is durable. */
  committed(): void;
  /** Its outcome is unknown: forget everything and read again. Throws when the store does not hold together. */
  reload(database: Database): Promise<void> | void;
};

export type WriterLimits = {
  /** Pieces of work that may wait; beyond it OVERLOADED. */
  readonly waiting: number;
  /** Pieces of work in one group commit: bounds the time the event loop is held. */
  readonly group: number;
  /** Bytes staged from which on a group takes in no more: bounds memory when large writes come together. */
  readonly groupBytes: number;
};
export const writerLimits: WriterLimits = { waiting: 8192, group: 256, groupBytes: 8 * 1024 * 1024 };

type Waiting = { readonly work: Work<unknown>; readonly resolve: (value: never) => void; readonly reject: (reason: unknown) => void };

/**
 * The single writer of the store: everything that waits goes into one synced batch, then everyone in it is answered (group commit).
 * After a failed batch the outcome is unknown, and LevelDB must not be written to again as it is (a half-written log record hides what follows it at the next start):
 * so the database is closed, opened and read anew before anything else is written or read.
 */
export class Writer {
  readonly #reopen: () => Promise<Database>;
  readonly #participants: readonly Participant[];
  readonly #limits: WriterLimits;
  #database: Database;
  #state: 'open' | 'suspect' | 'closed' = 'open';
  #closing: Promise<void> | undefined;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #recovering: Promise<void> | undefined;

  constructor(database: Database, reopen: () => Promise<Database>, participants: readonly Participant[], limits: WriterLimits) {
    this.#database = database;
    this.#reopen = reopen;
    this.#participants = participants;
    this.#limits = limits;
  }

  /** Resolves with the work's own value when all it staged is durable. Rejects with what the work threw, OVERLOADED, STORE_CLOSED or STORE_WRITE_FAILED. */
  submit<T>(work: Work<T>): Promise<T> {
    if (this.#closing !== undefined) return Promise.reject(new XinshuError('STORE_CLOSED'));
    if (this.#waiting.length >= this.#limits.waiting)
      return Promise.reject(new XinshuError('OVERLOADED', { waiting: this.#waiting.length }));
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** The database for asynchronous reads; waits for a running recovery, starts one where the last has failed. */
  async reader(): Promise<Database> {
    if (this.#state === 'suspect') await this.#recover();
    return this.now();
  }

  /** The database for a read that can't wait. Throws STORE_UNAVAILABLE, STORE_CLOSED. */
  now(): Database {
    if (this.#state === 'open') return this.#database;
    throw new XinshuError(this.#state === 'closed' ? 'STORE_CLOSED' : 'STORE_UNAVAILABLE');
  }

  /** Takes no more work, finishes what waits, closes the database. */
  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    await this.#running;
    await this.#recovering?.catch(() => undefined);
    this.#state = 'closed';
    await this.#database.close();
  }

  async #run(): Promise<void> {
    // One turn of the microtask queue, so that callers of the same moment share the first group.
    await undefined;
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, this.#limits.group));
    this.#running = undefined;
  }

  async #commit(group: Waiting[]): Promise<void> {
    try {
      if (this.#state === 'suspect') await this.#recover();
      const transaction = new Transaction(this.#database);
      const answers: (() => void)[] = [];
      for (const waiting of group) {
        if (transaction.bytes >= this.#limits.groupBytes) break;
        answers.push(prepare(waiting, transaction));
      }
      this.#waiting.unshift(...group.splice(answers.length));
      if (transaction.changes > 0) await this.#persist(transaction);
      for (const answer of answers) answer();
    } catch (cause) {
      this.#state = 'suspect';
      for (const { reject } of group) reject(new XinshuError('STORE_WRITE_FAILED', {}, { cause }));
      // A recovery that fails is tried again by the next reader or writer, who gets its error.
      await this.#recover().catch(() => undefined);
    }
  }

  async #persist(transaction: Transaction): Promise<void> {
    for (const participant of this.#participants) await participant.seal(transaction);
    await this.#database.batch(transaction.writes());
    for (const participant of this.#participants) participant.committed();
  }

  #recover(): Promise<void> {
    this.#recovering ??= this.#reread().finally(() => {
      this.#recovering = undefined;
    });
    return this.#recovering;
  }

  async #reread(): Promise<void> {
    await this.#database.close().catch(() => undefined);
    this.#database = await this.#reopen();
    for (const participant of this.#participants) await participant.reload(this.#database);
    this.#state = 'open';
  }
}

/** Does one piece of work and gives back how to answer it. What throws after it has staged something takes the whole group with it. */
const prepare = ({ work, resolve, reject }: Waiting, transaction: Transaction): (() => void) => {
  const before = transaction.changes;
  try {
    const value = work(transaction) as never;
    return () => resolve(value);
  } catch (error) {
    if (transaction.changes !== before) throw error;
    return () => reject(error);
  }
};
