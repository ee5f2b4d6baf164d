import type { Hex, MemberId } from '../domain/ids.ts';
import { cosignedNote } from './cosigned.ts';
import type { Modules } from './modules.ts';

export type CheckpointNow = {
  readonly member: MemberId;
  readonly log: number;
  readonly size: number;
  readonly root: Hex;
  /** C2SP tlog-checkpoint as a signed note; its key name is the origin. With cosignatures once a quorum of witnesses has given them. */
  readonly note: string;
  /** The newest with a quorum of cosignatures. */
  readonly cosigned: { readonly size: number; readonly root: Hex; readonly note: string; readonly witnesses: readonly MemberId[] } | null;
  readonly anchored: { readonly size: number; readonly root: Hex; readonly block: number } | null;
};

/** A published checkpoint that covers the log as it stands, and the newest anchor of it that this gateway has seen on chain. */
export const readCheckpoint = async ({
  member,
  ledger,
  audit,
  checkpoints,
  cosigned,
}: Pick<Modules, 'member' | 'ledger' | 'audit' | 'checkpoints' | 'cosigned'>): Promise<CheckpointNow> => {
  // Looked up first: what is anchored by now is then never larger than the checkpoint.
  const anchor = ledger.head().latestAnchor(member, audit.log);
  const { size, root, note } = await checkpoints.fresh();
  const anchored = anchor === undefined ? null : { size: anchor.size, root: anchor.root, block: anchor.block };
  const kept = cosigned.newest();
  return {
    member,
    log: audit.log,
    size,
    root,
    note: kept?.size === size ? cosignedNote({ base: note, cosignatures: kept.cosignatures }) : note,
    cosigned:
      kept === undefined
        ? null
        : { size: kept.size, root: kept.root, note: cosignedNote(kept), witnesses: Object.keys(kept.cosignatures) as MemberId[] },
    anchored,
  };
};
