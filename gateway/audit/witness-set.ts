import { fromHex } from '../domain/hash.ts';
import type { MemberId } from '../domain/ids.ts';
import { keysInForce } from '../domain/member-keys.ts';
import type { RegistryView } from '../domain/registry-view.ts';
import { type Witness, witnessName } from './cosignature.ts';

/** Whose cosignatures on this member's checkpoints count at the view's block: every other active member, with its note keys in force. */
export const witnessesOf = (view: RegistryView, chainId: number, owner: MemberId): readonly Witness[] =>
  view
    .members()
    .filter(({ id, status }) => id !== owner && status === 'active')
    .map(({ id, keys }) => ({
      member: id,
      name: witnessName(chainId, id),
      keys: keysInForce(keys, 'note', view.block.number).map(({ data }) => fromHex(data)),
    }))
    .filter(({ keys }) => keys.length > 0);
