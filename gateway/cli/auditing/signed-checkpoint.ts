import { type Checkpoint, logOrigin } from '../../audit/checkpoint.ts';
import { statementOf } from '../../audit/fork-of-notes.ts';
import { openCheckpoint } from '../../audit/note.ts';
import { fromHex } from '../../domain/hash.ts';
import type { Address, MemberId } from '../../domain/ids.ts';
import { keysInForce } from '../../domain/member-keys.ts';
import type { RegistryView } from '../../domain/registry-view.ts';

/**
 * The checkpoint in a note, if the member signed it twice: with a note key that it has on chain at this block, and for the chain with one of its accounts,
 * without which the chain could not judge a fork; else undefined.
 */
export const signedCheckpoint = (
  view: RegistryView,
  { chainId, anchor }: { readonly chainId: number; readonly anchor: Address },
  { member: id, log, note }: { readonly member: MemberId; readonly log: number; readonly note: string },
): Checkpoint | undefined => {
  const member = view.member(id);
  if (member === undefined) return undefined;
  const accounts = [member.account, ...member.formerAccounts];
  if (statementOf({ chainId, anchor, member: id, log, accounts }, note) === undefined) return undefined;
  for (const key of keysInForce(member.keys, 'note', view.block.number)) {
    const opened = openCheckpoint(note, logOrigin(chainId, id, log), fromHex(key.data));
    if (opened.ok) return opened.value;
  }
  return undefined;
};
