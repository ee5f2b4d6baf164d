import type { MemberId } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { messageTypes, parseAcknowledgement } from '../sealing/messages.ts';
import type { Modules } from './modules.ts';
import { readMessage } from './read-message.ts';
import { parseServed } from './served-record.ts';

export type ReceiveAcknowledgementInput = { readonly from: MemberId; readonly message: string };
/** The consumer's signed receipt of a served usage, kept as evidence. Milliseconds. */
export type Receipt = { readonly message: string; readonly verdict: string; readonly receivedAt: number };

const form = { typ: messageTypes.acknowledgement, parse: parseAcknowledgement };

/** Keeps the receipt. The first one stays: the same again is fine, a different one is refused. Refuses with USAGE_UNKNOWN, USAGE_CONFLICT, or the codes of a bad message. */
export const receiveAcknowledgement = async (modules: Modules, input: ReceiveAcknowledgementInput): Promise<Result<undefined>> => {
  const { audit, documents, clock } = modules;
  const read = readMessage(modules, input.from, input.message, form);
  if (!read.ok) return read;
  const { usage, verdict } = read.value;
  const served = await audit.recall(usage, 'served');
  if (served === undefined || parseServed(served.attachment).consumer !== input.from) return refuse('USAGE_UNKNOWN', { usage });
  const known = await documents.get<Receipt>('receipt', usage);
  if (known !== undefined) return known.verdict === verdict ? ok(undefined) : refuse('USAGE_CONFLICT', { usage });
  await documents.put<Receipt>('receipt', usage, { message: input.message, verdict, receivedAt: clock.now() });
  return ok(undefined);
};
