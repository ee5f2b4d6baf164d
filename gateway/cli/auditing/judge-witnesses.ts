import { cosignaturesIn } from '../../audit/cosignature.ts';
import { readNote } from '../../audit/note.ts';
import { witnessesOf } from '../../audit/witness-set.ts';
import { equalBytes } from '../../domain/hash.ts';
import { rootAt } from '../../domain/merkle.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import type { Desk } from './desk.ts';
import type { TimedAnchor } from './judge-anchors.ts';
import type { SaidCheckpoint } from './log-source.ts';
import { signedCheckpoint } from './signed-checkpoint.ts';
import type { LogState } from './state.ts';

/** Size of this note's tree, if it is the member's own, of what was read, and cosigned by a quorum of those who are witnesses at this block; else 0. */
const quorumSizeOf = async (desk: Desk, { member, log, size: read }: LogState, head: RegistryView, note: unknown): Promise<number> => {
  if (typeof note !== 'string') return 0;
  const { chain, state } = desk;
  const signed = signedCheckpoint(head, { chainId: chain.chainId, anchor: chain.address('audit-anchor') }, { member, log, note });
  if (signed === undefined || signed.size > read) return 0;
  if (signed.size > 0 && !equalBytes(await rootAt(signed.size, state.nodes(member)), signed.root)) return 0;
  const lines = readNote(note);
  const cosigned = lines.ok ? cosignaturesIn(lines.value, witnessesOf(head, chain.chainId, member)) : lines;
  return cosigned.ok && cosigned.value.length >= head.parameter('witness-quorum') ? signed.size : 0;
};

/**
 * How a log stands with its witnesses (docs/protocol/witness.md), by what it shows: the largest size with a quorum, and since when, in block time, it has claimed
 * more than that, by an anchor or by a checkpoint that this auditor saw.
 */
export const judgeWitnesses = async (
  desk: Desk,
  at: LogState,
  anchors: readonly TimedAnchor[],
  head: RegistryView,
  said: SaidCheckpoint,
): Promise<LogState> => {
  if (head.parameter('witness-quorum') === 0) return { ...at, waiting: undefined };
  const shown = [await quorumSizeOf(desk, at, head, said.note), await quorumSizeOf(desk, at, head, said.cosigned?.note)];
  const quorumSize = Math.max(at.quorumSize, ...shown);
  const anchored = anchors.find(({ anchor }) => anchor.size > quorumSize);
  const claims = [
    ...(at.waiting !== undefined && at.waiting.size > quorumSize ? [at.waiting] : []),
    ...(at.size > quorumSize ? [{ size: at.size, since: head.block.time }] : []),
    ...(anchored === undefined ? [] : [{ size: anchored.anchor.size, since: anchored.time }]),
  ];
  return { ...at, quorumSize, waiting: claims.sort((a, b) => a.since - b.since)[0] };
};

/** Whether the network's patience is over. A flag, not a finding: it may be the witnesses that are down, and it goes when they are back. */
export const isFlagged = ({ waiting }: LogState, head: RegistryView): boolean =>
  waiting !== undefined && head.parameter('witness-quorum') > 0 && head.block.time - waiting.since > head.parameter('max-witness-lag');
