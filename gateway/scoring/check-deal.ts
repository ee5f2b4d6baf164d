import { ok, type Result, refuse } from '../domain/result.ts';
import { type CurvePoint, sumPoints } from './babyjubjub.ts';
import type { Share } from './deal-shares.ts';
import { commit } from './pedersen.ts';

/** The public half of a deal, its points parsed: on the curve and in the subgroup. */
export type PublicDeal = { readonly commitment: CurvePoint; readonly shareCommitments: readonly CurvePoint[] };

/**
 * Whether the commitments to the shares add up to the commitment to the points: then whoever's share does not fit its own commitment has named itself.
 * Refuses with SCORE_DEAL_INVALID.
 */
export const checkDeal = ({ commitment, shareCommitments }: PublicDeal, count: number): Result<true> => {
  if (shareCommitments.length !== count)
    return refuse('SCORE_DEAL_INVALID', { reason: 'number of shares', expected: count, given: shareCommitments.length });
  return sumPoints(shareCommitments).equals(commitment) ? ok(true) : refuse('SCORE_DEAL_INVALID', { reason: 'sum of the shares' });
};

/** Whether a share that was received is the one committed to. Refuses with SCORE_SHARE_INVALID. */
export const checkShare = (shareCommitment: CurvePoint, share: Share): Result<true> =>
  commit(share.value, share.blinding).equals(shareCommitment) ? ok(true) : refuse('SCORE_SHARE_INVALID');
