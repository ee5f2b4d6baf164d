import { createHash } from 'node:crypto';
import { same } from './bytes.ts';

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/* RFC 6962 §2.1. */
const [zero, one] = [Uint8Array.of(0), Uint8Array.of(1)];
export const emptyHash = (): Uint8Array => sha256();
export const entryHash = (entry: Uint8Array): Uint8Array => sha256(zero, entry);
export const parent = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(one, left, right);

/** The largest power of two below n. */
export const below = (n: number): number => {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
};

/** Hash of the complete subtree over leaves [index·2^height, (index + 1)·2^height). */
export type Nodes = (height: number, index: number) => Promise<Uint8Array>;

/** MTH(D[start:end]); `start` is where RFC 6962 splits, so that whole subtrees can be taken as they are. */
export const treeHash = async (start: number, end: number, nodes: Nodes): Promise<Uint8Array> => {
  const n = end - start;
  if (n === 0) return emptyHash();
  const k = n === 1 ? 1 : below(n);
  if (k === n || k * 2 === n) return nodes(Math.log2(n), start / n);
  return parent(await treeHash(start, start + k, nodes), await treeHash(start + k, end, nodes));
};

/** PATH(m, D[start:end]), RFC 9162 §2.1.3.1. */
export const path = async (m: number, start: number, end: number, nodes: Nodes): Promise<Uint8Array[]> => {
  if (end - start === 1) return [];
  const k = start + below(end - start);
  return m < k
    ? [...(await path(m, start, k, nodes)), await treeHash(k, end, nodes)]
    : [...(await path(m, k, end, nodes)), await treeHash(start, k, nodes)];
};

/** SUBPROOF(m, D[start:end], b), RFC 9162 §2.1.4.1; m counted from `start`. */
export const subproof = async (m: number, start: number, end: number, b: boolean, nodes: Nodes): Promise<Uint8Array[]> => {
  const n = end - start;
  if (m === n) return b ? [] : [await treeHash(start, end, nodes)];
  const k = below(n);
  return m <= k
    ? [...(await subproof(m, start, start + k, b, nodes)), await treeHash(start + k, end, nodes)]
    : [...(await subproof(m - k, start + k, end, false, nodes)), await treeHash(start, start + k, nodes)];
};

/** RFC 9162 §2.1.3.2, in the numbers of the text as bits. */
export const includes = (hash: Uint8Array, index: bigint, size: bigint, proof: readonly Uint8Array[], root: Uint8Array): boolean => {
  if (index >= size) return false;
  let [fn, sn, r] = [index, size - 1n, hash];
  for (const p of proof) {
    if (sn === 0n) return false;
    if ((fn & 1n) === 1n || fn === sn) {
      r = parent(p, r);
      if ((fn & 1n) === 0n)
        do [fn, sn] = [fn >> 1n, sn >> 1n];
        while ((fn & 1n) === 0n && fn !== 0n);
    } else r = parent(r, p);
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  return sn === 0n && same(r, root);
};

/** RFC 9162 §2.1.4.2; from nothing, or to itself, with the empty proof. */
export const extends_ = (
  first: bigint,
  firstRoot: Uint8Array,
  second: bigint,
  secondRoot: Uint8Array,
  proof: readonly Uint8Array[],
): boolean => {
  if (first === second) return proof.length === 0 && same(firstRoot, secondRoot);
  if (first === 0n) return proof.length === 0 && same(firstRoot, emptyHash());
  if (first > second || proof.length === 0) return false;
  const hashes = (first & (first - 1n)) === 0n ? [firstRoot, ...proof] : proof;
  let [fn, sn] = [first - 1n, second - 1n];
  while ((fn & 1n) === 1n) [fn, sn] = [fn >> 1n, sn >> 1n];
  let [fr, sr] = [hashes[0] as Uint8Array, hashes[0] as Uint8Array];
  for (const c of hashes.slice(1)) {
    if (sn === 0n) return false;
    if ((fn & 1n) === 1n || fn === sn) {
      [fr, sr] = [parent(c, fr), parent(c, sr)];
      if ((fn & 1n) === 0n)
        do [fn, sn] = [fn >> 1n, sn >> 1n];
        while ((fn & 1n) === 0n && fn !== 0n);
    } else sr = parent(sr, c);
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  return sn === 0n && same(fr, firstRoot) && same(sr, secondRoot);
};
