import type { Checkpoint } from '../../audit/checkpoint.ts';
import { equalBytes, fromHex, toHex } from '../../domain/hash.ts';
import { CompactTree, leafHash } from '../../domain/merkle.ts';
import { verifyConsistency } from '../../domain/merkle-verify.ts';
import type { LogSource, SaidOpening } from './log-source.ts';
import type { LogState } from './state.ts';

/** Entries read and proved in one go; what is in memory at once of a log of any length. */
export const windowSize = 2048;

export type ProvedEntry = { readonly index: number; readonly bytes: Uint8Array; readonly hash: Uint8Array; readonly opening: SaidOpening };
/** `short`: fewer entries than the checkpoint holds. `out-of-place`: entries in another order than their numbers. `unproved`: they don't lead to its root. */
export type Window =
  | { readonly kind: 'proved'; readonly entries: readonly ProvedEntry[] }
  | { readonly kind: 'short' | 'out-of-place' | 'unproved'; readonly index: number; readonly what: string };

/** The next entries of a log, with the proof that they and all before them are a prefix of what the checkpoint signs (RFC 9162 §2.1.4). */
export const readWindow = async (source: LogSource, at: Pick<LogState, 'size' | 'edge'>, signed: Checkpoint): Promise<Window> => {
  const tree = new CompactTree(at.size, at.edge.map(fromHex));
  const to = Math.min(signed.size, at.size + windowSize);
  const entries: ProvedEntry[] = [];
  for await (const { index, leaf, opening } of source.entries(at.size, to)) {
    if (index !== tree.size || index >= to || leaf === undefined)
      return { kind: 'out-of-place', index: tree.size, what: `entry ${tree.size}` };
    const hash = leafHash(leaf);
    tree.append(hash);
    entries.push({ index, bytes: leaf, hash, opening });
  }
  if (tree.size < to) return { kind: 'short', index: tree.size, what: `${tree.size} entries, ${signed.size} signed` };
  const root = tree.root();
  const proved =
    to === signed.size
      ? equalBytes(root, signed.root)
      : verifyConsistency(to, signed.size, root, signed.root, await source.consistency(to, signed.size));
  return proved
    ? { kind: 'proved', entries }
    : { kind: 'unproved', index: to, what: `size ${to}: entries give ${toHex(root)}, not under the root signed for ${signed.size}` };
};
