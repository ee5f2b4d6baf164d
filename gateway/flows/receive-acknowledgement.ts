import { sha256Hex } from '../domain/hash.ts';
import type { Hex, MemberId } from '../domain/ids.ts';
import { ok, type Result } from '../domain/result.ts';
import { messageTypes, parseAcknowledgement, type UsageReceipt } from '../sealing/messages.ts';
import type { Modules } from './modules.ts';
import { readMessage } from './read-message.ts';
import { parseServed } from './served-record.ts';

export type ReceiveAcknowledgementInput = { readonly from: MemberId; readonly message: string };
/** The consumer's receipt of one served usage; `message` is the SHA-256 of the JWS it stands in. Milliseconds. */
export type Receipt = Pick<UsageReceipt, 'response' | 'verdict' | 'leaf'> & { readonly message: Hex; readonly receivedAt: number };
/** The signed message itself, kept once as evidence. */
export type ReceiptMessage = { readonly jws: string };
export const receiptMessageKey = (message: Hex): string => `message/${message}`;

const form = { typ: messageTypes.acknowledgement, parse: parseAcknowledgement };

/**
 * Keeps the receipts of usages this member served to the sender; resolves when they are durable. The first receipt of a usage stays. One for a usage never served to
 * it says nothing about this log and is left out. Refuses with the codes of a bad message.
 */
export const receiveAcknowledgement = async (modules: Modules, input: ReceiveAcknowledgementInput): Promise<Result<undefined>> => {
  const { documents, clock, log } = modules;
  const read = readMessage(modules, input.from, input.message, form);
  if (!read.ok) return read;
  const known = await Promise.all(read.value.receipts.map((receipt) => isOurs(modules, input.from, receipt)));
  const fresh = read.value.receipts.filter((_, place) => known[place] === 'new');
  const foreign = known.filter((state) => state === 'foreign').length;
  if (foreign > 0) log.warn({ from: input.from, receipts: foreign }, 'receipts for usages that were not served');
  if (fresh.length === 0) return ok(undefined);
  const message = sha256Hex(input.message);
  const receivedAt = clock.now();
  await Promise.all([
    documents.put<ReceiptMessage>('receipt', receiptMessageKey(message), { jws: input.message }),
    ...fresh.map(({ usage, response, verdict, leaf }) =>
      documents.put<Receipt>('receipt', usage, { response, verdict, leaf, message, receivedAt }),
    ),
  ]);
  return ok(undefined);
};

const isOurs = async ({ audit, documents }: Modules, from: MemberId, { usage }: UsageReceipt): Promise<'new' | 'known' | 'foreign'> => {
  const served = await audit.recall(usage, 'served');
  // A receipt for what was erased proves nothing any more.
  if (served?.attachment === 'erased') return 'known';
  if (served === undefined || parseServed(served.attachment).consumer !== from) return 'foreign';
  return (await documents.get<Receipt>('receipt', usage)) === undefined ? 'new' : 'known';
};
