import { ok, type Result } from '../domain/result.ts';
import type { AuditStore, LeafOpening } from '../ports/audit-store.ts';
import type { Modules } from './modules.ts';
import { boundRange, type LogRange } from './read-log.ts';

/** `opening` is undefined where it was erased: the leaf stays and stays provable. */
export type OpeningAt = { readonly index: number; readonly opening: LeafOpening | undefined };

async function* openings(audit: AuditStore, from: number, to: number): AsyncGenerator<OpeningAt> {
  for (let index = from; index < to; index += 1) yield { index, opening: await audit.opening(index) };
}

/** What stands behind the commitments of these leaves: for the institution's auditor only. */
export const readOpenings = async ({ audit }: Modules, range: LogRange): Promise<Result<AsyncIterable<OpeningAt>>> => {
  const bounded = boundRange(range, audit.size());
  return bounded.ok ? ok(openings(audit, bounded.value.from, bounded.value.to)) : bounded;
};
