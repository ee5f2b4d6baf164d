import type { Hex, MemberId } from '../domain/ids.ts';
import type { Modules } from './modules.ts';

export type CheckpointNow = {
  readonly member: MemberId;
  readonly log: number;
  readonly size: number;
  readonly root: Hex;
  readonly anchored: { readonly size: number; readonly root: Hex; readonly block: number } | null;
};

/** Size and root of the log as it stands, and the newest anchor of it that this gateway has seen on chain. */
export const readCheckpoint = async ({ member, ledger, audit }: Modules): Promise<CheckpointNow> => {
  const size = audit.size();
  const anchor = ledger.head().latestAnchor(member, audit.log);
  return {
    member,
    log: audit.log,
    size,
    root: await audit.root(size),
    anchored: anchor === undefined ? null : { size: anchor.size, root: anchor.root, block: anchor.block },
  };
};
