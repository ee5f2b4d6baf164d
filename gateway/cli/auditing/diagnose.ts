import type { Checkpoint } from '../../audit/checkpoint.ts';
import type { Finding } from '../../audit/finding.ts';
import { forkWords } from '../../audit/fork.ts';
import { listChange } from '../../audit/list-change.ts';
import { equalBytes, toHex } from '../../domain/hash.ts';
import { CompactTree, leafHash } from '../../domain/merkle.ts';
import type { LogSource } from './log-source.ts';
import type { AuditorState, LogState } from './state.ts';

/** `other`: root, at the size that was read under, of what the log shows now; undefined where it is shorter or does not lead to what it signs. */
export type Diagnosis = { readonly finding: Finding; readonly other: Uint8Array | undefined };

/**
 * Says how a log that no longer fits what was read of it has been changed: reads it anew from the start and compares it, entry by entry, with the hashes that were
 * kept. Hashes are held in memory from the first difference on only.
 */
export const diagnose = async (state: AuditorState, source: LogSource, at: LogState, signed: Checkpoint): Promise<Diagnosis> => {
  const { member } = at;
  const tree = new CompactTree();
  const [before, after]: [string[], string[]] = [[], []];
  let first: number | undefined;
  let other: Uint8Array | undefined;
  for await (const { index, leaf } of source.leaves(0, signed.size)) {
    if (index !== tree.size || leaf === undefined) break;
    const hash = leafHash(leaf);
    tree.append(hash);
    if (tree.size === at.noteSize) other = tree.root();
    const kept = index < at.size ? state.leafHash(member, index) : undefined;
    if (first === undefined && kept !== undefined && !equalBytes(kept, hash)) first = index;
    if (first === undefined) continue;
    if (kept !== undefined) before.push(toHex(kept));
    after.push(toHex(hash));
  }
  const entries = [{ member, index: first ?? Math.min(at.size, signed.size) }];
  const roots = forkWords([at.noteSize, signed.size]);
  // What it hands out is not even what it signs now.
  if (tree.size !== signed.size || !equalBytes(tree.root(), signed.root))
    return { finding: { kind: 'fork', member, what: roots, entries }, other: undefined };
  for (let index = (first ?? signed.size) + before.length; index < at.size; index += 1)
    before.push(toHex(state.leafHash(member, index) as Uint8Array));
  const change = listChange(before, after);
  if (change === undefined) return { finding: { kind: 'checkpoint-shrunk', member, what: roots, entries }, other };
  if (first === undefined)
    return { finding: { kind: 'deleted', member, what: `${before.length} entries from ${signed.size} on`, entries }, other };
  const much = change.count === 1 ? '' : ` (${change.count} entries)`;
  return { finding: { kind: change.kind, member, what: `entry ${first + change.index}${much}; ${roots}`, entries }, other };
};
