import type { CallOutcome } from '../reader.ts';

/** Gas that an inner call is given for free when it carries value (EIP-150's reading of the yellow paper's G_callstipend). */
const callStipend = 2_300n;

/** The search ends when the gap to the true answer is below 1.5 %, as geth's does: more runs for less gas pay off only where gas costs money. */
const closeEnough = { share: 1_000n, of: 15n } as const;

export type GasEstimate = { readonly kind: 'estimated'; readonly gas: bigint } | Exclude<CallOutcome, { kind: 'returned' }>;

/**
 * The least gas limit, within 1.5 %, with which the trial succeeds, by bisection between what it used and `cap`.
 * Succeeding is not exactly monotone in gas (a contract may ask how much is left), so the answer has itself been tried.
 */
export async function estimateGas(trial: (gas: bigint) => Promise<CallOutcome>, cap: bigint): Promise<GasEstimate> {
  const atCap = await trial(cap);
  if (atCap.kind !== 'returned') return atCap;
  let enough = cap;
  let tooLittle = atCap.gasUsed - 1n;
  // Each call may pass on 63/64 of its gas (EIP-150); most often this first guess holds.
  const guess = ((atCap.gasUsed + atCap.gasRefund + callStipend) * 64n) / 63n;
  if (guess < enough && (await trial(guess)).kind === 'returned') enough = guess;
  else if (guess < enough) tooLittle = guess;

  if (tooLittle + 1n < enough && (await trial(tooLittle + 1n)).kind === 'returned') enough = tooLittle + 1n;
  while (tooLittle + 1n < enough && (enough - tooLittle) * closeEnough.share > enough * closeEnough.of) {
    const middle = (tooLittle + enough) / 2n;
    if ((await trial(middle)).kind === 'returned') enough = middle;
    else tooLittle = middle;
  }
  return { kind: 'estimated', gas: enough };
}
