import type { Checkpoint } from '../../audit/checkpoint.ts';
import type { Finding } from '../../audit/finding.ts';
import { listChange } from '../../audit/list-change.ts';
import { equalBytes, toHex } from '../../domain/hash.ts';
import { CompactTree, leafHash } from '../../domain/merkle.ts';
import type { LogSource } from './log-source.ts';
import type { AuditorState, LogState } from './state.ts';

/**
 * Says how a log that no longer fits what was read of it has been changed: reads it anew from the start and compares it, entry by entry, with the hashes that were
 * kept. Hashes are held in memory from the first difference on only.
 */
export const diagnose = async (state: AuditorState, source: LogSource, at: LogState, signed: Checkpoint): Promise<Finding> => {
  const { member } = at;
  const tree = new CompactTree();
  const [before, after]: [string[], string[]] = [[], []];
  let first: number | undefined;
  for await (const { index, leaf } of source.leaves(0, signed.size)) {
    if (index !== tree.size || leaf === undefined) break;
    const hash = leafHash(leaf);
    tree.append(hash);
    const kept = index < at.size ? state.leafHash(member, index) : undefined;
    if (first === undefined && kept !== undefined && !equalBytes(kept, hash)) first = index;
    if (first === undefined) continue;
    if (kept !== undefined) before.push(toHex(kept));
    after.push(toHex(hash));
  }
  const entries = [{ member, index: first ?? Math.min(at.size, signed.size) }];
  const roots = `${at.noteSize} and ${signed.size} are signed, the second does not extend the first`;
  // What it hands out is not even what it signs now.
  if (tree.size !== signed.size || !equalBytes(tree.root(), signed.root)) return { kind: 'fork', member, what: `sizes ${roots}`, entries };
  for (let index = (first ?? signed.size) + before.length; index < at.size; index += 1)
    before.push(toHex(state.leafHash(member, index) as Uint8Array));
  const change = listChange(before, after);
  if (change === undefined) return { kind: 'checkpoint-shrunk', member, what: `sizes ${roots}`, entries };
  if (first === undefined) return { kind: 'deleted', member, what: `${before.length} entries from ${signed.size} on`, entries };
  const much = change.count === 1 ? '' : ` (${change.count} entries)`;
  return { kind: change.kind, member, what: `entry ${first + change.index}${much}; sizes ${roots}`, entries };
};
