import { equalBytes } from './hash.ts';
import { nodeHash } from './merkle.ts';

const isIndex = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const isHash = (bytes: Uint8Array): boolean => bytes.length === 32;
// Exact for every size: near 2^53 the logarithm of a number below a power of two is rounded up to it.
const isPowerOfTwo = (value: number): boolean => 2 ** Math.round(Math.log2(value)) === value;
const half = (value: number): number => Math.floor(value / 2);

/** Checks an inclusion proof by RFC 9162 §2.1.3.2. Never throws on proof input. */
export const verifyInclusion = (
  leafHash: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean => {
  if (!isIndex(index) || !isIndex(size) || index >= size || !proof.every(isHash) || !isHash(leafHash)) return false;
  let fn = index;
  let sn = size - 1;
  let node = leafHash;
  for (const sibling of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      node = nodeHash(sibling, node);
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      node = nodeHash(node, sibling);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && equalBytes(node, root);
};

/**
 * Checks a consistency proof by RFC 9162 §2.1.4.2. Equal sizes need equal roots and an empty proof; from size 0 everything is consistent and the proof is
 * empty, as on chain. Never throws on proof input.
 */
export const verifyConsistency = (
  first: number,
  second: number,
  firstRoot: Uint8Array,
  secondRoot: Uint8Array,
  proof: readonly Uint8Array[],
): boolean => {
  if (!isIndex(first) || !isIndex(second) || first > second || ![firstRoot, secondRoot, ...proof].every(isHash)) return false;
  if (first === second) return proof.length === 0 && equalBytes(firstRoot, secondRoot);
  if (first === 0) return proof.length === 0;
  if (proof.length === 0) return false;
  const [start, ...rest] = isPowerOfTwo(first) ? [firstRoot, ...proof] : proof;
  let fn = first - 1;
  let sn = second - 1;
  while (fn % 2 === 1) {
    fn = half(fn);
    sn = half(sn);
  }
  let fr = start!;
  let sr = start!;
  for (const node of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeHash(node, fr);
      sr = nodeHash(node, sr);
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      sr = nodeHash(sr, node);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && equalBytes(fr, firstRoot) && equalBytes(sr, secondRoot);
};
