import { type NestedUint8Array, RLP } from '@ethereumjs/rlp';

/** 'c', the prefix under which the state manager keeps code. */
const codePrefix = '63';

type Item = Uint8Array | NestedUint8Array;

/**
 * The nodes and code among `pending` that `root` leads to. The rest are stations on the way to the new state, which nothing will ever ask for.
 * A node not in `pending` is on disk with all below it (every block wrote what its root reaches), so the walk ends there.
 */
export function reachableNodes(root: Uint8Array, pending: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();

  const keep = (hex: string): Uint8Array | undefined => {
    const value = found.has(hex) ? undefined : pending.get(hex);
    if (value !== undefined) found.set(hex, value);
    return value;
  };

  const visitHash = (hash: Uint8Array, ofAccounts: boolean): void => {
    const encoded = keep(Buffer.from(hash).toString('hex'));
    if (encoded !== undefined) visitNode(RLP.decode(encoded) as Item[], ofAccounts);
  };

  const visitReference = (reference: Item, ofAccounts: boolean): void => {
    if (!(reference instanceof Uint8Array)) visitNode(reference, ofAccounts);
    else if (reference.length === 32) visitHash(reference, ofAccounts);
  };

  const visitNode = (node: readonly Item[], ofAccounts: boolean): void => {
    if (node.length === 17) {
      for (const child of node.slice(0, 16)) visitReference(child, ofAccounts);
      return;
    }
    const [path, value] = node as [Uint8Array, Item];
    // The second bit of the hex-prefix nibble tells a leaf from an extension (Yellow Paper, appendix C).
    const isLeaf = ((path[0] ?? 0) & 0x20) !== 0;
    if (!isLeaf) visitReference(value, ofAccounts);
    else if (ofAccounts) visitAccount(value as Uint8Array);
  };

  const visitAccount = (encoded: Uint8Array): void => {
    const [, , storageRoot, codeHash] = RLP.decode(encoded) as Uint8Array[];
    visitHash(storageRoot as Uint8Array, false);
    keep(codePrefix + Buffer.from(codeHash as Uint8Array).toString('hex'));
  };

  visitHash(root, true);
  return found;
}
