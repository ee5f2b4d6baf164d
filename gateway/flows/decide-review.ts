import { ok, type Result, refuse } from '../domain/result.ts';
import { samePerson } from '../domain/review.ts';
import type { Staff } from '../domain/staff.ts';
import type { Modules } from './modules.ts';
import { type Review, reviewScope } from './open-review.ts';

export type DecideReviewInput = { readonly review: string; readonly approve: boolean; readonly staff: Staff };

/** One person's yes or no, never the requester's own. Refuses with REVIEW_UNKNOWN, REVIEW_SAME_PERSON, REVIEW_DECIDED. */
export const decideReview = (modules: Modules, input: DecideReviewInput): Promise<Result<Review>> =>
  modules.locks.run(`review/${input.review}`, () => decide(modules, input));

const decide = async (modules: Modules, input: DecideReviewInput): Promise<Result<Review>> => {
  const { documents, clock } = modules;
  const review = await documents.get<Review>('review', input.review);
  if (review === undefined) return refuse('REVIEW_UNKNOWN');
  if (samePerson(review.requester, input.staff.name)) return refuse('REVIEW_SAME_PERSON');
  const wanted = input.approve ? 'approved' : 'rejected';
  if (review.state !== 'open') {
    // The same decision again, after an answer was lost, is not an error.
    return review.state === wanted && review.reviewer === input.staff.name ? ok(review) : refuse('REVIEW_DECIDED', { state: review.state });
  }
  const decided: Review = { ...review, state: wanted, reviewer: input.staff.name, decidedAt: clock.now() };
  await documents.put('review', decided.id, decided, reviewScope(decided));
  return ok(decided);
};
