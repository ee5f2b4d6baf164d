import { type Checkpoint, logOrigin } from '../../audit/checkpoint.ts';
import { openCheckpoint } from '../../audit/note.ts';
import { fromHex } from '../../domain/hash.ts';
import type { MemberId } from '../../domain/ids.ts';
import { keysInForce } from '../../domain/member-keys.ts';
import type { RegistryView } from '../../domain/registry-view.ts';

/** The checkpoint in a note, if the member signed it with a key that it has on chain at this block; else undefined. */
export const signedCheckpoint = (
  view: RegistryView,
  chainId: number,
  { member, log, note }: { readonly member: MemberId; readonly log: number; readonly note: string },
): Checkpoint | undefined => {
  const origin = logOrigin(chainId, member, log);
  for (const key of keysInForce(view.member(member)?.keys ?? [], 'note', view.block.number)) {
    const opened = openCheckpoint(note, origin, fromHex(key.data));
    if (opened.ok) return opened.value;
  }
  return undefined;
};
