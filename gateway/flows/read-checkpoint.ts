import type { Hex, MemberId } from '../domain/ids.ts';
import type { Modules } from './modules.ts';

export type CheckpointNow = {
  readonly member: MemberId;
  readonly log: number;
  readonly size: number;
  readonly root: Hex;
  /** C2SP tlog-checkpoint as a signed note; its key name is the origin. */
  readonly note: string;
  readonly anchored: { readonly size: number; readonly root: Hex; readonly block: number } | null;
};

/** A published checkpoint that covers the log as it stands, and the newest anchor of it that this gateway has seen on chain. */
export const readCheckpoint = async ({
  member,
  ledger,
  audit,
  checkpoints,
}: Pick<Modules, 'member' | 'ledger' | 'audit' | 'checkpoints'>): Promise<CheckpointNow> => {
  // Looked up first: what is anchored by now is then never larger than the checkpoint.
  const anchor = ledger.head().latestAnchor(member, audit.log);
  const { size, root, note } = await checkpoints.fresh();
  const anchored = anchor === undefined ? null : { size: anchor.size, root: anchor.root, block: anchor.block };
  return { member, log: audit.log, size, root, note, anchored };
};
