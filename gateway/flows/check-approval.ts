import { ok, type Result, refuse } from '../domain/result.ts';
import { samePerson } from '../domain/review.ts';
import { type SubjectRef, sameSubject } from '../domain/subject.ts';
import type { Modules } from './modules.ts';
import type { Review } from './open-review.ts';
import type { RequestRecordInput } from './record-query.ts';

/**
 * The reviewer behind a query that names a review; null when it names none. Refuses with REVIEW_UNKNOWN, REVIEW_NOT_APPROVED, REVIEW_EXPIRED, REVIEW_MISMATCH.
 * That one approval is used once for each dataset is counted with the log entry.
 */
export const checkApproval = async (
  { documents, clock, policy }: Pick<Modules, 'documents' | 'clock' | 'policy'>,
  input: RequestRecordInput,
  subject: SubjectRef,
): Promise<Result<string | null>> => {
  if (input.review === undefined) return ok(null);
  const review = await documents.get<Review>('review', input.review);
  if (review === undefined) return refuse('REVIEW_UNKNOWN', { review: input.review });
  if (review.state !== 'approved' || review.reviewer === undefined || review.decidedAt === undefined)
    return refuse('REVIEW_NOT_APPROVED', { review: review.id, state: review.state });
  if (clock.now() > review.decidedAt + policy.limits.reviewSeconds * 1000) return refuse('REVIEW_EXPIRED', { review: review.id });
  const fits =
    samePerson(review.requester, input.staff.name) &&
    sameSubject(review.subject, subject) &&
    review.datasets.includes(input.dataset) &&
    review.purpose === input.purpose &&
    (review.consent === undefined || review.consent === input.consent);
  return fits ? ok(review.reviewer) : refuse('REVIEW_MISMATCH', { review: review.id });
};
