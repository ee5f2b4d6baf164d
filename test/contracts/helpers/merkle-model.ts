import { createHash } from 'node:crypto';

/**
 * RFC 6962 §2.1 by its recursive definitions, as a model independent of the contract's loops. Hashes are Buffers of 32 bytes.
 */
const sha256 = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

export const leafHash = (leaf: Uint8Array): Buffer => sha256(Uint8Array.of(0), leaf);
const nodeHash = (left: Buffer, right: Buffer): Buffer => sha256(Uint8Array.of(1), left, right);

/** The largest power of two smaller than n (n > 1). */
const split = (n: number): number => {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
};

/** MTH(D[n]) over leaf hashes. */
export const treeHash = (hashes: readonly Buffer[]): Buffer => {
  const [first] = hashes;
  if (!first) return sha256();
  if (hashes.length === 1) return first;
  const k = split(hashes.length);
  return nodeHash(treeHash(hashes.slice(0, k)), treeHash(hashes.slice(k)));
};

/** PATH(m, D[n]). */
export const inclusionPath = (m: number, hashes: readonly Buffer[]): Buffer[] => {
  if (hashes.length === 1) return [];
  const k = split(hashes.length);
  return m < k
    ? [...inclusionPath(m, hashes.slice(0, k)), treeHash(hashes.slice(k))]
    : [...inclusionPath(m - k, hashes.slice(k)), treeHash(hashes.slice(0, k))];
};

/** SUBPROOF(m, D[n], b). */
const subproof = (m: number, hashes: readonly Buffer[], complete: boolean): Buffer[] => {
  if (m === hashes.length) return complete ? [] : [treeHash(hashes)];
  const k = split(hashes.length);
  return m <= k
    ? [...subproof(m, hashes.slice(0, k), complete), treeHash(hashes.slice(k))]
    : [...subproof(m - k, hashes.slice(k), false), treeHash(hashes.slice(0, k))];
};

/** PROOF(m, D[n]), 0 < m < n. */
export const consistencyProof = (m: number, hashes: readonly Buffer[]): Buffer[] => subproof(m, hashes, true);

export const hex = (hash: Buffer): string => `0x${hash.toString('hex')}`;
