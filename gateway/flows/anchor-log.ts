import type { Hex } from '../domain/ids.ts';
import type { Result } from '../domain/result.ts';
import type { Modules } from './modules.ts';

/** `lag` counts the leaves that no anchored checkpoint covers. */
export type AnchorLogOutput = { readonly size: number; readonly root: Hex; readonly block: number | undefined; readonly anchored: boolean };

/** Leaves of the own log that no anchored checkpoint covers yet, and when the last anchor was made (block number). */
export const anchorLag = (
  modules: Pick<Modules, 'ledger' | 'member' | 'audit'>,
): { readonly leaves: number; readonly block: number | undefined } => {
  const last = modules.ledger.head().latestAnchor(modules.member, modules.audit.log);
  return { leaves: modules.audit.size() - (last?.size ?? 0), block: last?.block };
};

export const anchorLog = async (_modules: Modules): Promise<Result<AnchorLogOutput>> => {
  throw new Error('in work');
};
