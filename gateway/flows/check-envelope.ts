import type { MemberId } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';

/** What every message between gateways says of itself (docs/protocol/peer.md). Times in seconds; `exp` exclusive. */
export type Envelope = {
  readonly chain: number;
  readonly iss: MemberId;
  readonly aud: MemberId;
  readonly iat: number;
  readonly exp: number;
};
export type ExpectedEnvelope = { readonly chain: number; readonly iss: MemberId; readonly aud: MemberId; readonly nowSeconds: number };

/** How far two gateways' clocks may differ, and the longest life a message may give itself, in seconds. */
export const clockSkewSeconds = 60;
export const longestLifeSeconds = 86_400;

/** Refuses with MESSAGE_CHAIN, MESSAGE_ISSUER, MESSAGE_AUDIENCE or MESSAGE_EXPIRED. The times guard the wire only: authorization is decided in block time. */
export const checkEnvelope = (message: Envelope, expected: ExpectedEnvelope): Result<void> => {
  if (message.chain !== expected.chain) return refuse('MESSAGE_CHAIN', { expected: expected.chain, found: message.chain });
  if (message.iss !== expected.iss) return refuse('MESSAGE_ISSUER', { expected: expected.iss, found: message.iss });
  if (message.aud !== expected.aud) return refuse('MESSAGE_AUDIENCE', { expected: expected.aud, found: message.aud });
  const early = message.iat > expected.nowSeconds + clockSkewSeconds;
  const tooLong = message.exp - message.iat > longestLifeSeconds;
  const over = expected.nowSeconds >= message.exp;
  return early || tooLong || over ? refuse('MESSAGE_EXPIRED', { iat: message.iat, exp: message.exp }) : ok(undefined);
};
