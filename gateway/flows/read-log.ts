import { ok, type Result, refuse } from '../domain/result.ts';
import type { StoredLeaf } from '../ports/audit-store.ts';
import type { Modules } from './modules.ts';

/** Indexes of the log, `to` exclusive and, when left out, the size at the time of the call. */
export type LogRange = { readonly from: number; readonly to: number | undefined };

/** The range with both ends, or LOG_RANGE_INVALID. */
export const boundRange = ({ from, to }: LogRange, size: number): Result<{ readonly from: number; readonly to: number }> => {
  const end = to ?? size;
  return from <= end && end <= size ? ok({ from, to: end }) : refuse('LOG_RANGE_INVALID', { from, to: end, size });
};

/** The leaves as they were hashed; entries appended after the call are not in it. */
export const readLog = async ({ audit }: Modules, range: LogRange): Promise<Result<AsyncIterable<StoredLeaf>>> => {
  const bounded = boundRange(range, audit.size());
  return bounded.ok ? ok(audit.leaves(bounded.value.from, bounded.value.to)) : bounded;
};
