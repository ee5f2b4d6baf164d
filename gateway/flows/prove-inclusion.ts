import type { Hex } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import type { Modules } from './modules.ts';

export type InclusionProof = { readonly index: number; readonly size: number; readonly root: Hex; readonly proof: readonly Hex[] };

/** RFC 9162 §2.1.3.1 for the leaf at `index` in the tree of the first `size` leaves. */
export const proveInclusion = async (
  { audit }: Modules,
  { index, size }: { readonly index: number; readonly size: number },
): Promise<Result<InclusionProof>> => {
  if (index >= size || size > audit.size()) return refuse('LOG_RANGE_INVALID', { index, size, logSize: audit.size() });
  return ok({ index, size, root: await audit.root(size), proof: await audit.inclusion(index, size) });
};
