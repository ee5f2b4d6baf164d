import { sha256 } from './hash.ts';

/** A node of the tree by level (0 = leaf hashes) and index: the root of the complete subtree over leaves [index·2^level, (index+1)·2^level). */
export type NodeSource = (level: number, index: number) => Promise<Uint8Array>;

const emptyRoot = sha256('');

/** SHA-256(0x00 || leaf), RFC 6962 §2.1. */
export const leafHash = (leaf: Uint8Array): Uint8Array => {
  const bytes = Buffer.allocUnsafe(1 + leaf.length);
  bytes[0] = 0x00;
  bytes.set(leaf, 1);
  return sha256(bytes);
};

/** SHA-256(0x01 || left || right), RFC 6962 §2.1. */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => {
  const bytes = Buffer.allocUnsafe(65);
  bytes[0] = 0x01;
  bytes.set(left, 1);
  bytes.set(right, 33);
  return sha256(bytes);
};

/** Largest power of two smaller than n (n > 1): where RFC 6962 splits. */
const split = (size: number): number => 2 ** Math.floor(Math.log2(size - 1));

/** Root over leaf hashes, all at hand (RFC 6962 §2.1). */
export const rootOf = (leafHashes: readonly Uint8Array[]): Uint8Array => {
  const tree = new CompactTree();
  for (const leaf of leafHashes) tree.append(leaf);
  return tree.root();
};

/**
 * The right edge of a growing tree: the roots of its complete subtrees from the largest on (one for each bit of `size`), which is all that appending needs.
 * Append costs one hash on average.
 */
export class CompactTree {
  #size: number;
  readonly #edge: Uint8Array[];

  /** Goes on from a size and the edge of it (`edge()`), or from nothing. */
  constructor(size = 0, edge: readonly Uint8Array[] = []) {
    if (!Number.isSafeInteger(size) || size < 0 || edge.length !== bitsOf(size)) throw new RangeError('the edge does not fit the size');
    this.#size = size;
    this.#edge = [...edge];
  }

  get size(): number {
    return this.#size;
  }

  edge(): readonly Uint8Array[] {
    return [...this.#edge];
  }

  /** Adds a leaf hash. `completed` hears of every node that is complete by it, the leaf itself first: what a NodeSource must know from now on. */
  append(leaf: Uint8Array, completed?: (level: number, index: number, hash: Uint8Array) => void): void {
    let node = leaf;
    let index = this.#size;
    completed?.(0, index, node);
    for (let level = 1; index % 2 === 1; level += 1) {
      node = nodeHash(this.#edge.pop()!, node);
      index = (index - 1) / 2;
      completed?.(level, index, node);
    }
    this.#edge.push(node);
    this.#size += 1;
  }

  root(): Uint8Array {
    return this.#edge.length === 0 ? emptyRoot : this.#edge.reduceRight((right, left) => nodeHash(left, right));
  }
}

const bitsOf = (size: number): number => {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
};

/** Root over leaves [from, from + size) out of complete nodes; `from` is a multiple of the next power of two ≥ size. */
const subtreeRoot = async (from: number, size: number, nodes: NodeSource): Promise<Uint8Array> => {
  const level = Math.log2(size);
  if (Number.isInteger(level)) return nodes(level, from / size);
  const left = split(size);
  const [l, r] = await Promise.all([subtreeRoot(from, left, nodes), subtreeRoot(from + left, size - left, nodes)]);
  return nodeHash(l, r);
};

/** Root of the first `size` leaves. */
export const rootAt = async (size: number, nodes: NodeSource): Promise<Uint8Array> =>
  size === 0 ? emptyRoot : subtreeRoot(0, size, nodes);

/** The edge of the first `size` leaves, from which a CompactTree goes on. */
export const edgeAt = async (size: number, nodes: NodeSource): Promise<readonly Uint8Array[]> => {
  const edge: Promise<Uint8Array>[] = [];
  let from = 0;
  for (let width = 2 ** 52; width >= 1; width /= 2) {
    if (size - from < width) continue;
    edge.push(nodes(Math.log2(width), from / width));
    from += width;
  }
  return Promise.all(edge);
};

/** Inclusion proof of leaf `index` in the first `size` leaves, leaf to root (RFC 9162 §2.1.3.1). */
export const inclusionProof = async (index: number, size: number, nodes: NodeSource): Promise<readonly Uint8Array[]> => {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new RangeError('no such leaf in a tree of this size');
  const path = async (at: number, from: number, count: number): Promise<Promise<Uint8Array>[]> => {
    if (count === 1) return [];
    const left = split(count);
    return at < left
      ? [...(await path(at, from, left)), subtreeRoot(from + left, count - left, nodes)]
      : [...(await path(at - left, from + left, count - left)), subtreeRoot(from, left, nodes)];
  };
  return Promise.all(await path(index, 0, size));
};

/** Proof that the first `from` leaves are a prefix of the first `to` (RFC 9162 §2.1.4.1). Empty when either is trivial: from 0 or from = to. */
export const consistencyProof = async (from: number, to: number, nodes: NodeSource): Promise<readonly Uint8Array[]> => {
  if (!Number.isSafeInteger(from) || from < 0 || from > to) throw new RangeError('sizes must not shrink');
  if (from === 0 || from === to) return [];
  const subproof = (old: number, start: number, count: number, whole: boolean): Promise<Uint8Array>[] => {
    if (old === count) return whole ? [] : [subtreeRoot(start, count, nodes)];
    const left = split(count);
    return old <= left
      ? [...subproof(old, start, left, whole), subtreeRoot(start + left, count - left, nodes)]
      : [...subproof(old - left, start + left, count - left, false), subtreeRoot(start, left, nodes)];
  };
  return Promise.all(subproof(from, 0, to, true));
};
