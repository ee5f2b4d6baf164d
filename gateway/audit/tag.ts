import { fromHex, hmacSha256, toHex } from '../domain/hash.ts';
import type { Hex, MemberId } from '../domain/ids.ts';

/**
 * Tag of the n-th leaf (from 0) under one consent in one log: HMAC-SHA-256 under the history key that the subject made. Only who has that key can tell which
 * leaves belong together, and can ask for every n, so that nothing is left out unseen (design.md §6).
 */
export const usageTag = (historyKey: Hex, member: MemberId, log: number, n: number): Hex => {
  const number = Buffer.alloc(12);
  number.writeUInt32BE(log, 0);
  number.writeBigUInt64BE(BigInt(n), 4);
  return toHex(hmacSha256(fromHex(historyKey), Buffer.concat([Buffer.from(`xinshu-usage-tag/1/${member}/`, 'ascii'), number])));
};
