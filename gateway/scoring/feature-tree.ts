import { poseidonHash } from '../domain/poseidon.ts';

/** A 4-ary Poseidon tree of depth 10: up to 2^20 subjects. An empty place is 0, which is no leaf that anyone can open. */
export const treeDepth = 10;
export const treeArity = 4;
export const treeCapacity = treeArity ** treeDepth;

/** For each level from the leaf up: the place among the four children, and the four. */
export type TreePath = readonly { readonly place: number; readonly children: readonly bigint[] }[];

export type FeatureTree = { readonly root: bigint; readonly size: number; path(index: number): TreePath };

/** Node of four empty subtrees, by level; level 0 is an empty place. */
const emptyNodes = (): readonly bigint[] => {
  const nodes = [0n];
  for (let level = 0; level < treeDepth; level += 1) nodes.push(poseidonHash(Array<bigint>(treeArity).fill(nodes[level]!)));
  return nodes;
};

/**
 * The tree over leaves in the given order, which must say nothing of the subjects: the caller sorts them by something random. Takes about 40 µs a leaf and
 * holds all nodes until let go.
 */
export const buildFeatureTree = (leaves: readonly bigint[]): FeatureTree => {
  if (leaves.length > treeCapacity) throw new RangeError('the tree holds 2^20 leaves');
  const empty = emptyNodes();
  const childrenAt = (nodes: readonly bigint[], level: number, parent: number): bigint[] =>
    Array.from({ length: treeArity }, (_, place) => nodes[parent * treeArity + place] ?? empty[level]!);
  const levels: (readonly bigint[])[] = [leaves];
  for (let level = 0; level < treeDepth; level += 1) {
    const nodes = levels[level]!;
    levels.push(Array.from({ length: Math.ceil(nodes.length / treeArity) }, (_, parent) => poseidonHash(childrenAt(nodes, level, parent))));
  }
  return {
    root: levels[treeDepth]![0] ?? empty[treeDepth]!,
    size: leaves.length,
    path: (index) => {
      if (!Number.isInteger(index) || index < 0 || index >= leaves.length) throw new RangeError('no leaf stands there');
      return Array.from({ length: treeDepth }, (_, level) => {
        const at = Math.floor(index / treeArity ** level);
        return { place: at % treeArity, children: childrenAt(levels[level]!, level, Math.floor(at / treeArity)) };
      });
    },
  };
};

/** The root that a path leads to from a leaf; undefined when a level doesn't hold what the one below gives. */
export const rootOfPath = (leaf: bigint, path: TreePath): bigint | undefined => {
  let node = leaf;
  for (const { place, children } of path) {
    if (children.length !== treeArity || children[place] !== node) return undefined;
    node = poseidonHash(children);
  }
  return node;
};
