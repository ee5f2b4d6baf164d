import { fromHex } from '../domain/hash.ts';
import type { MemberId } from '../domain/ids.ts';
import { keysInForce } from '../domain/member-keys.ts';
import type { RegistryView } from '../domain/registry-view.ts';
import { logOrigin } from './checkpoint.ts';
import { verifierKey } from './note.ts';

/** What a reader of one log takes from the chain before it believes any checkpoint of it. */
export type LogIdentity = {
  readonly origin: string;
  /** Of the Note key that signs now, in the form other tools take; undefined for a member that has none in force. */
  readonly verifierKey: string | undefined;
};

export const logIdentity = (view: RegistryView, chainId: number, member: MemberId, log: number): LogIdentity => {
  const origin = logOrigin(chainId, member, log);
  const key = keysInForce(view.member(member)?.keys ?? [], 'note', view.block.number).at(-1);
  return { origin, verifierKey: key === undefined ? undefined : verifierKey(origin, fromHex(key.data)) };
};
