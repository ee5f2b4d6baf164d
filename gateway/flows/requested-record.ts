import { XinshuError } from '../domain/errors.ts';
import { sha256Hex } from '../domain/hash.ts';
import type { Hex, MemberId } from '../domain/ids.ts';
import type { Refusal } from '../domain/result.ts';
import type { UsageRequest } from '../sealing/messages.ts';
import type { RequestRecordInput } from './record-query.ts';

/** What the consumer keeps with a `requested` leaf. Signing `claims` with the leaf gives the same request again, byte for byte. */
export type RequestedRecord = { readonly fingerprint: Hex } & (
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | {
      readonly kind: 'sent';
      readonly provider: MemberId;
      readonly reviewer: string | null;
      readonly priceFen: string;
      readonly claims: Omit<UsageRequest, 'leaf'>;
      /** `kid` of the key that signs it, also after a rotation. Absent in records from before there was one. */
      readonly signer?: string;
    }
);
export type SentRecord = Extract<RequestedRecord, { readonly kind: 'sent' }>;

/** Tells one query from another under the same usage id: everything the caller said, and who it was. */
export const fingerprintOf = (input: RequestRecordInput): Hex =>
  sha256Hex(
    JSON.stringify([
      input.subject.type,
      input.subject.code,
      input.dataset,
      input.fields === undefined ? null : [...input.fields].sort(),
      input.purpose,
      input.operation,
      input.grant ?? null,
      input.consent ?? null,
      input.review ?? null,
      input.staff.name,
    ]),
  );

export const parseRequested = (attachment: Uint8Array | undefined): RequestedRecord => {
  if (attachment === undefined) throw new XinshuError('STORE_CORRUPT', { part: 'attachment' });
  return JSON.parse(Buffer.from(attachment).toString('utf8')) as RequestedRecord;
};
