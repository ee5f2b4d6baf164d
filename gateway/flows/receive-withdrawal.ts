import type { MemberId } from '../domain/ids.ts';
import { ok, type Result } from '../domain/result.ts';
import { messageTypes, parseWithdrawalNotice } from '../sealing/messages.ts';
import type { Modules } from './modules.ts';
import { readMessage } from './read-message.ts';
import { relayWithdrawal } from './relay-withdrawal.ts';

export type ReceiveWithdrawalInput = { readonly from: MemberId; readonly message: string };

const form = { typ: messageTypes.withdrawal, parse: parseWithdrawalNotice };

/** A withdrawal that another gateway was handed: the subject's signature decides, the messenger's only says who to answer. */
export const receiveWithdrawal = async (modules: Modules, input: ReceiveWithdrawalInput): Promise<Result<undefined>> => {
  const read = readMessage(modules, input.from, input.message, form);
  if (!read.ok) return read;
  const { consent, key, signature } = read.value;
  const relayed = await relayWithdrawal(modules, { consent, key, signature, from: input.from });
  return relayed.ok ? ok(undefined) : relayed;
};
