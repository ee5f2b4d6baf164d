import { XinshuError } from '../domain/errors.ts';
import type { ConsentId, GrantId, Hex, MemberId } from '../domain/ids.ts';
import type { BlockRef } from '../domain/registry-state.ts';

/** What the provider keeps with a `served` leaf: enough to answer the same request again, and the signed request as evidence. */
export type ServedRecord = {
  readonly consumer: MemberId;
  /** The consumer's compact JWS, and its SHA-256. */
  readonly request: string;
  readonly requestHash: Hex;
  readonly block: BlockRef;
  readonly version: number;
  readonly grant: GrantId | null;
  readonly consent: ConsentId | null;
  readonly priceFen: string;
};

/** What it keeps with a `refused` leaf. `claims` are those of the signed answer without the leaf: signing them again gives the same bytes. */
export type RefusedRecord = {
  readonly consumer: MemberId;
  readonly request: string;
  readonly requestHash: Hex;
  readonly claims: Readonly<Record<string, unknown>>;
};

export const encodeAttachment = (value: object): Uint8Array => Buffer.from(JSON.stringify(value), 'utf8');

const parse = <T>(attachment: Uint8Array | undefined): T => {
  // Written in the same atomic write as the leaf: without it the store is damaged.
  if (attachment === undefined) throw new XinshuError('STORE_CORRUPT', { part: 'attachment' });
  return JSON.parse(Buffer.from(attachment).toString('utf8')) as T;
};
export const parseServed = (attachment: Uint8Array | undefined): ServedRecord => parse<ServedRecord>(attachment);
export const parseRefused = (attachment: Uint8Array | undefined): RefusedRecord => parse<RefusedRecord>(attachment);
