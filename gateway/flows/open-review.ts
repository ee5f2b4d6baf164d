import type { ConsentId, DatasetId } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import type { Staff } from '../domain/staff.ts';
import { parseSubject, type SubjectRef } from '../domain/subject.ts';
import type { DocumentScope } from '../ports/document-store.ts';
import type { Modules } from './modules.ts';

export type ReviewState = 'open' | 'approved' | 'rejected';

/** A reviewer's decision that a query of grade 3 and above needs (rule 15), kept in this institution's own store. */
export type Review = {
  readonly id: string;
  readonly state: ReviewState;
  readonly subject: SubjectRef;
  readonly datasets: readonly DatasetId[];
  readonly purpose: string;
  readonly consent: ConsentId | undefined;
  readonly requester: string;
  readonly reviewer: string | undefined;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  readonly decidedAt: number | undefined;
};

/** Kept and erased with the usages of its month: it names the subject and staff. */
export const reviewScope = ({ consent, openedAt }: Review): DocumentScope => ({ consent, time: openedAt });

export type OpenReviewInput = {
  readonly subject: { readonly type: string; readonly code: string };
  readonly datasets: readonly DatasetId[];
  readonly purpose: string;
  readonly consent?: ConsentId;
  readonly staff: Staff;
};

/** Asks for a review of one query for each of these datasets. Refuses with the SUBJECT_ codes, DATASET_UNKNOWN. */
export const openReview = async (modules: Modules, input: OpenReviewInput): Promise<Result<Review>> => {
  const { ledger, clock, randomness, documents } = modules;
  const subject = parseSubject(input.subject.type, input.subject.code);
  if (!subject.ok) return subject;
  const unknown = input.datasets.find((dataset) => ledger.head().dataset(dataset) === undefined);
  if (unknown !== undefined || input.datasets.length === 0)
    return refuse('DATASET_UNKNOWN', unknown === undefined ? {} : { dataset: unknown });
  const review: Review = {
    id: Buffer.from(randomness.bytes(16)).toString('hex'),
    state: 'open',
    subject: subject.value,
    datasets: [...new Set(input.datasets)],
    purpose: input.purpose,
    consent: input.consent,
    requester: input.staff.name,
    reviewer: undefined,
    openedAt: clock.now(),
    decidedAt: undefined,
  };
  await documents.put('review', review.id, review, reviewScope(review));
  return ok(review);
};
