import type { UsageId } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import type { LeafOpening, LeafStep } from '../ports/audit-store.ts';
import type { Modules } from './modules.ts';
import { readLeaf } from './read-leaf.ts';

export type UsageLeaf = {
  readonly step: LeafStep;
  readonly index: number;
  readonly leaf: Uint8Array;
  readonly opening: LeafOpening | undefined;
};

/** Every leaf this log holds on one usage. Refuses with USAGE_UNKNOWN. */
export const readUsage = async ({ audit }: Modules, { usage }: { readonly usage: UsageId }): Promise<Result<readonly UsageLeaf[]>> => {
  const found = await audit.find(usage);
  if (found.length === 0) return refuse('USAGE_UNKNOWN', { usage });
  const leaves: UsageLeaf[] = [];
  for (const { step, position } of found)
    leaves.push({ step, index: position.index, leaf: await readLeaf(audit, position.index), opening: await audit.opening(position.index) });
  return ok(leaves);
};
