import type { Hex } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import type { Modules } from './modules.ts';

export type ConsistencyProof = {
  readonly from: number;
  readonly to: number;
  readonly fromRoot: Hex;
  readonly toRoot: Hex;
  readonly proof: readonly Hex[];
};

/** RFC 9162 §2.1.4.1 between the trees of the first `from` and the first `to` leaves. */
export const proveConsistency = async (
  { audit }: Modules,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Result<ConsistencyProof>> => {
  if (from < 1 || from > to || to > audit.size()) return refuse('LOG_RANGE_INVALID', { from, to, logSize: audit.size() });
  return ok({ from, to, fromRoot: await audit.root(from), toRoot: await audit.root(to), proof: await audit.consistency(from, to) });
};
