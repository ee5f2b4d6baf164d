import { ok, type Result, refuse } from './result.ts';
import type { Grade } from './vocabulary.ts';

/** From this grade on a query needs a second person (rule 15). */
export const reviewedFrom: Grade = 3;

const comparable = (name: string): string => name.normalize('NFKC').replace(/\s/gu, '').toLowerCase();

/** Whether two staff names are the same person's, whatever their spacing, case or width. */
export const samePerson = (a: string, b: string): boolean => comparable(a) === comparable(b);

/** Refuses with REVIEW_REQUIRED or REVIEW_SAME_PERSON. */
export const checkReview = (grade: Grade, requester: string, reviewer: string | null): Result<void> => {
  if (grade < reviewedFrom) return ok(undefined);
  if (reviewer === null || comparable(reviewer) === '') return refuse('REVIEW_REQUIRED', { grade });
  return samePerson(requester, reviewer) ? refuse('REVIEW_SAME_PERSON', { grade }) : ok(undefined);
};
