import type { UsageId } from '../../domain/ids.ts';
import { type Result, refuse } from '../../domain/result.ts';
import type { Staff } from '../../domain/staff.ts';
import type { Modules } from '../modules.ts';
import { findScore, keepScore, type StoredScore } from './stored-score.ts';

export type HumanReviewInput = { readonly score: UsageId; readonly staff: Staff };

/** The person concerned asked that a human being looks at a score (PIPL art. 24, rule 45): noted with an id of its own, once. Refuses with SCORE_UNKNOWN. */
export const askHumanReview = (
  { documents, clock, randomness, locks }: Modules,
  { score, staff }: HumanReviewInput,
): Promise<Result<StoredScore>> =>
  locks.run(`score-request/${score}`, async () => {
    const stored = await findScore({ documents }, score);
    if (stored?.certificate === undefined) return refuse('SCORE_UNKNOWN', { score });
    if (stored.reviewAsked !== undefined) return { ok: true, value: stored };
    const reviewAsked = { id: Buffer.from(randomness.bytes(16)).toString('hex'), at: clock.now(), by: staff.name };
    return { ok: true, value: await keepScore({ documents }, { ...stored, reviewAsked }) };
  });
