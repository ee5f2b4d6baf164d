import { checkpointText, logOrigin } from '../audit/checkpoint.ts';
import { formatNote } from '../audit/note.ts';
import { XinshuError } from '../domain/errors.ts';
import { fromHex } from '../domain/hash.ts';
import type { Hex, MemberId } from '../domain/ids.ts';
import { keysInForce } from '../domain/member-keys.ts';
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

/** Size and root of the log as it stands, signed with the note key, and the newest anchor of it that this gateway has seen on chain. */
export const readCheckpoint = async ({ member, ledger, audit, keys }: Modules): Promise<CheckpointNow> => {
  const view = ledger.head();
  const size = audit.size();
  const root = await audit.root(size);
  const origin = logOrigin(ledger.chainId, member, audit.log);
  const text = checkpointText({ origin, size, root: fromHex(root) });
  const key = keysInForce(view.member(member)?.keys ?? [], 'note', view.block.number).at(-1);
  if (key === undefined) throw new XinshuError('MEMBER_KEY_MISSING', { member, purpose: 'note' });
  const note = formatNote(text, origin, fromHex(key.data), await keys.signNote(Buffer.from(text, 'utf8')));
  const anchor = view.latestAnchor(member, audit.log);
  return {
    member,
    log: audit.log,
    size,
    root,
    note,
    anchored: anchor === undefined ? null : { size: anchor.size, root: anchor.root, block: anchor.block },
  };
};
