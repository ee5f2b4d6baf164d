import { fromHex, hmacSha256, toHex } from '../domain/hash.ts';
import type { Hex, MemberId } from '../domain/ids.ts';

/**
 * Tag of the n-th leaf (from 0) under one consent in one log: HMAC-SHA-256 under the history key that the subject made. Only who has that key can tell which
 * leaves belong together, and can ask for every n, so that nothing is left out unseen (design.md §6).
 */
export const usageTag = (historyKey: Hex, member: MemberId, log: number, n: number): Hex => {
  const prefix = `xinshu-usage-tag/1/${member}/`;
  const bytes = Buffer.allocUnsafe(prefix.length + 12);
  bytes.write(prefix, 'ascii');
  bytes.writeUInt32BE(log, prefix.length);
  bytes.writeBigUInt64BE(BigInt(n), prefix.length + 4);
  return toHex(hmacSha256(fromHex(historyKey), bytes));
};
