import type { MemberId } from '../domain/ids.ts';
import { keysInForce } from '../domain/member-keys.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { checkEnvelope, type Envelope } from '../sealing/envelope.ts';
import { verifyJws } from '../sealing/jws.ts';
import type { Modules } from './modules.ts';

export type MessageForm<T> = { readonly typ: string; readonly parse: (claims: unknown) => Result<T> };

/** Signature and form of a message that came from `from`, by its Sign keys in force at the newest mirrored block. Refuses with MEMBER_UNKNOWN, the JWS_ codes, MESSAGE_MALFORMED. */
export const readSigned = <T>({ ledger }: Pick<Modules, 'ledger'>, from: MemberId, message: string, form: MessageForm<T>): Result<T> => {
  const view = ledger.head();
  const sender = view.member(from);
  if (sender === undefined) return refuse('MEMBER_UNKNOWN', { member: from });
  const verified = verifyJws(message, keysInForce(sender.keys, 'sign', view.block.number), form.typ);
  return verified.ok ? form.parse(verified.value.claims) : verified;
};

/** Whether the message is from `from`, for this member, of this chain and in time at `nowSeconds`. Refuses with the MESSAGE_ codes. */
export const checkAddress = (
  { ledger, member }: Pick<Modules, 'ledger' | 'member'>,
  from: MemberId,
  message: Envelope,
  nowSeconds: number,
): Result<void> => checkEnvelope(message, { chain: ledger.chainId, iss: from, aud: member, nowSeconds });

/** Both of the above, now. */
export const readMessage = <T extends Envelope>(
  modules: Pick<Modules, 'ledger' | 'member' | 'clock'>,
  from: MemberId,
  message: string,
  form: MessageForm<T>,
): Result<T> => {
  const read = readSigned(modules, from, message, form);
  if (!read.ok) return read;
  const addressed = checkAddress(modules, from, read.value, Math.floor(modules.clock.now() / 1000));
  return addressed.ok ? ok(read.value) : addressed;
};
