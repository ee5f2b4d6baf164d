import { XinshuError } from '../../domain/errors.ts';
import { buckets } from './buckets.ts';
import { readU64, u8, u64 } from './bytes.ts';
import type { Database } from './database.ts';
import type { Transaction } from './transaction.ts';
import type { Participant } from './writer.ts';

/** More group commits than the log of a memory table usually holds; small enough to be read through at each start. */
export const commitWindow = 4096;

const prefix = u8(buckets.commit);
const keyOf = (sequence: number): Buffer => Buffer.concat([prefix, u64(sequence)]);

/**
 * Numbers the group commits. LevelDB skips a damaged part of its log without a word and goes on with what follows; the gap in these numbers tells.
 * (Damage at the very end looks like a write that never finished; that is seen against the last anchored checkpoint, not here.)
 */
export class CommitSequence implements Participant {
  #last = 0;

  seal(transaction: Transaction): void {
    const next = this.#last + 1;
    transaction.put(keyOf(next), Buffer.alloc(0));
    if (next > commitWindow) transaction.delete(keyOf(next - commitWindow));
  }

  committed(): void {
    this.#last += 1;
  }

  /** Throws STORE_CORRUPT when a number of the window is missing. */
  async reload(database: Database): Promise<void> {
    let expected: number | undefined;
    let first = 1;
    for await (const [key] of database.range({ gte: prefix, lt: u8(buckets.commit + 1) })) {
      const sequence = readU64(key, 1);
      if (expected === undefined) first = sequence;
      else if (sequence !== expected) throw new XinshuError('STORE_CORRUPT', { part: 'commits', missing: expected });
      expected = sequence + 1;
    }
    this.#last = (expected ?? 1) - 1;
    const oldest = Math.max(1, this.#last - commitWindow + 1);
    if (first !== oldest) throw new XinshuError('STORE_CORRUPT', { part: 'commits', missing: oldest });
  }
}
