import { createHash } from 'node:crypto';
import type { Hex } from '../../gateway/domain/ids.ts';

// RFC 6962 §2.1 and RFC 9162 §2.1.3.1, §2.1.4.1 word for word over a list of leaves, without any state: the model that the real trees are held against.
const sha256 = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const split = (n: number): number => {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
};
const mth = (leaves: readonly Uint8Array[]): Buffer => {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), leaves[0] as Uint8Array);
  const k = split(leaves.length);
  return sha256(Buffer.of(1), mth(leaves.slice(0, k)), mth(leaves.slice(k)));
};
const path = (m: number, leaves: readonly Uint8Array[]): Buffer[] => {
  if (leaves.length <= 1) return [];
  const k = split(leaves.length);
  return m < k ? [...path(m, leaves.slice(0, k)), mth(leaves.slice(k))] : [...path(m - k, leaves.slice(k)), mth(leaves.slice(0, k))];
};
const subproof = (m: number, leaves: readonly Uint8Array[], whole: boolean): Buffer[] => {
  if (m === leaves.length) return whole ? [] : [mth(leaves)];
  const k = split(leaves.length);
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), whole), mth(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), mth(leaves.slice(0, k))];
};
const hex = (bytes: Buffer): Hex => `0x${bytes.toString('hex')}`;

export const naiveLeafHash = (leaf: Uint8Array): Hex => hex(sha256(Buffer.of(0), leaf));
export const naiveRoot = (leaves: readonly Uint8Array[]): Hex => hex(mth(leaves));
export const naiveInclusion = (index: number, leaves: readonly Uint8Array[]): Hex[] => path(index, leaves).map(hex);
/** Empty from size 0, where every log begins. */
export const naiveConsistency = (from: number, leaves: readonly Uint8Array[]): Hex[] =>
  from === 0 ? [] : subproof(from, leaves, true).map(hex);
