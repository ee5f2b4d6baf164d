import { ok, type Result, refuse } from '../domain/result.ts';
import { leastPoints, maxFeatures, mostPoints } from '../domain/scorecard-part.ts';
import { subgroupOrder, sumPoints } from './babyjubjub.ts';
import type { PublicDeal } from './check-deal.ts';
import { type Share, sumShares } from './deal-shares.ts';
import { commit } from './pedersen.ts';

/** What the consumer learns: the total of all points, and the blinding that opens the sum of the commitments to it. */
export type Total = { readonly points: number; readonly blinding: bigint };

/** A scalar as the small integer it stands for: the upper half of the scalars are the negative ones. */
const signed = (scalar: bigint): bigint => (scalar > subgroupOrder / 2n ? scalar - subgroupOrder : scalar);

/**
 * Adds up what the providers opened (design.md §7, step 5). `sums[j]` is provider j's sum of the shares it got, `deals[i]` what provider i committed to. Every sum is
 * held against the commitments, so a wrong one names its sender. Refuses with SCORE_SUM_INVALID (detail.provider, the index), SCORE_TOTAL_OUT_OF_RANGE.
 */
export const combineSums = (deals: readonly PublicDeal[], sums: readonly Share[]): Result<Total> => {
  const wrong = sums.findIndex(({ value, blinding }, provider) => {
    const expected = sumPoints(deals.map(({ shareCommitments }) => shareCommitments[provider]!));
    return !commit(value, blinding).equals(expected);
  });
  if (wrong >= 0 || sums.length !== deals.length) return refuse('SCORE_SUM_INVALID', { provider: wrong < 0 ? sums.length : wrong });
  const { value, blinding } = sumShares(sums);
  const points = signed(value);
  const most = BigInt(deals.length * maxFeatures);
  // Each proof bounds its provider's points; without proofs this is all that does.
  if (points < most * BigInt(leastPoints) || points > most * BigInt(mostPoints)) return refuse('SCORE_TOTAL_OUT_OF_RANGE');
  return ok({ points: Number(points), blinding });
};
