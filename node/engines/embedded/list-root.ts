import { RLP } from '@ethereumjs/rlp';

type Keccak = (message: Uint8Array) => Uint8Array;
type Node = Uint8Array | NodeList;
type NodeList = Node[];

interface Pair {
  readonly path: readonly number[];
  readonly value: Uint8Array;
}

/**
 * The root of the Merkle Patricia trie that maps RLP(index) to each item, as headers hold it for transactions and receipts (Yellow Paper, 4.3).
 * Built in one pass from the items, each node hashed once; putting them in one by one rewrites a path for every item.
 */
export function listRoot(items: readonly Uint8Array[], keccak: Keccak): Uint8Array {
  if (items.length === 0) return keccak(RLP.encode(new Uint8Array()));
  const pairs = items.map((value, index) => ({ path: nibbles(RLP.encode(index)), value }));
  return keccak(RLP.encode(nodeOf(pairs, 0, keccak)));
}

function nibbles(key: Uint8Array): number[] {
  return [...key].flatMap((byte) => [byte >> 4, byte & 15]);
}

/** The node under which all `pairs` lie, whose paths agree up to `depth`. No path is a prefix of another, since RLP is prefix-free. */
function nodeOf(pairs: readonly Pair[], depth: number, keccak: Keccak): NodeList {
  const first = pairs[0] as Pair;
  if (pairs.length === 1) return [hexPrefix(first.path.slice(depth), true), first.value];

  const shared = sharedDepth(pairs, depth);
  if (shared > depth) {
    return [hexPrefix(first.path.slice(depth, shared), false), reference(nodeOf(pairs, shared, keccak), keccak)];
  }
  const branch: NodeList = Array.from({ length: 17 }, () => new Uint8Array());
  for (let nibble = 0; nibble < 16; nibble += 1) {
    const below = pairs.filter(({ path }) => path[depth] === nibble);
    if (below.length > 0) branch[nibble] = reference(nodeOf(below, depth + 1, keccak), keccak);
  }
  return branch;
}

function sharedDepth(pairs: readonly Pair[], depth: number): number {
  const first = pairs[0] as Pair;
  let shared = depth;
  while (shared < first.path.length && pairs.every(({ path }) => path[shared] === first.path[shared])) shared += 1;
  return shared;
}

/** A node shorter than 32 bytes stands in its parent itself (Yellow Paper, appendix D). */
function reference(node: NodeList, keccak: Keccak): Node {
  const encoded = RLP.encode(node);
  return encoded.length < 32 ? node : keccak(encoded);
}

/** Yellow Paper, appendix C. */
function hexPrefix(path: readonly number[], leaf: boolean): Uint8Array {
  const flag = leaf ? 2 : 0;
  const padded = path.length % 2 === 1 ? [flag + 1, ...path] : [flag, 0, ...path];
  const bytes = new Uint8Array(padded.length / 2);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = ((padded[2 * at] as number) << 4) | (padded[2 * at + 1] as number);
  return bytes;
}
