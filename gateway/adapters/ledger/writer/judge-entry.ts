import type { Trace } from './account-chain.ts';
import type { SignedEntry } from './outbox-entry.ts';

export type Verdict = 'included' | 'wait' | 'resend' | 'renumber' | 'drop' | 'refuse';

/** A full node takes a transaction later; one that refuses it this often never will. */
const refusalsBound = 10;
/** A node behind others may not show yet what it counted; so often in a row, it is not there. */
const missesBound = 3;

/**
 * What to do with a signed transaction. `confirmed` is the account's next nonce by blocks, read before the trace: a nonce below it without a receipt went to another
 * transaction, so this one can never be included and may be signed anew.
 */
export const judgeEntry = (entry: SignedEntry, trace: Trace, confirmed: number): Verdict => {
  if (trace.receipt !== undefined) return 'included';
  const displaced = entry.signed.nonce < confirmed;
  const lost = displaced || (entry.restored && !trace.known);
  entry.misses = lost && !trace.known ? entry.misses + 1 : 0;
  if (lost) {
    if (entry.misses < missesBound) return 'wait';
    return entry.restored ? 'drop' : 'renumber';
  }
  if (trace.known) return 'wait';
  return entry.refusals >= refusalsBound ? 'refuse' : 'resend';
};
