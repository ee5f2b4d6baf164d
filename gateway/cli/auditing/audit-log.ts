import type { Checkpoint } from '../../audit/checkpoint.ts';
import type { Finding } from '../../audit/finding.ts';
import { fromHex, toHex } from '../../domain/hash.ts';
import type { MemberId } from '../../domain/ids.ts';
import { CompactTree, consistencyProof, rootAt } from '../../domain/merkle.ts';
import { type Desk, note, viewsOf } from './desk.ts';
import { diagnose } from './diagnose.ts';
import { judgeAnchors, type TimedAnchor, timedAnchors } from './judge-anchors.ts';
import { judgeWitnesses } from './judge-witnesses.ts';
import type { LogSource, SaidCheckpoint } from './log-source.ts';
import { type ProvedEntry, readWindow } from './read-window.ts';
import { shownConsents } from './shown-consents.ts';
import { signedCheckpoint } from './signed-checkpoint.ts';
import type { AuditorState, FoundFork, LogState } from './state.ts';
import { type EntryContext, takeEntry } from './take-entry.ts';

const unread = (member: MemberId, log: number): LogState => ({
  member,
  log,
  size: 0,
  edge: [],
  note: '',
  noteSize: 0,
  round: 0,
  latest: { time: 0, index: 0 },
  anchorsTo: 0,
  quorumSize: 0,
  waiting: undefined,
  erased: 0,
  served: 0,
  refused: 0,
  broken: undefined,
});

/** Takes one proved window in; what comes back is committed together with it. */
const takeWindow = async (
  desk: Desk,
  at: LogState,
  entries: readonly ProvedEntry[],
  context: Omit<EntryContext, 'latest'>,
): Promise<LogState> => {
  const tree = new CompactTree(at.size, at.edge.map(fromHex));
  let { latest, erased, served, refused } = at;
  for (const entry of entries) {
    tree.append(entry.hash, (level, index, hash) => {
      if (level > 0) desk.state.putNode(at.member, level, index, hash);
    });
    const taken = await takeEntry(desk, { ...context, latest }, entry);
    latest = taken.latest;
    erased += taken.erased ? 1 : 0;
    served += taken.step === 'served' ? 1 : 0;
    refused += taken.step === 'refused' ? 1 : 0;
  }
  return { ...at, size: tree.size, edge: tree.edge().map(toHex), latest, erased, served, refused };
};

/** The last anchor that an entry came after, found from where the last search ended, since entries come in order. */
const anchorsBefore = (anchors: readonly TimedAnchor[]): EntryContext['anchorBefore'] => {
  let next = 0;
  return (index) => {
    while (next < anchors.length && (anchors[next] as TimedAnchor).anchor.size <= index) next += 1;
    return anchors[next - 1];
  };
};

const windowFinding = (member: MemberId, kind: 'short' | 'out-of-place' | 'unproved', index: number, what: string): Finding => ({
  kind: kind === 'short' ? 'log-shorter-than-anchor' : kind === 'out-of-place' ? 'leaf-out-of-place' : 'root-differs',
  member,
  what,
  entries: [{ member, index }],
});

const isErased = async (source: LogSource, at: number): Promise<boolean> => {
  for await (const { opening } of source.entries(at, at + 1)) return opening === null;
  return false;
};

/** Both signed checkpoints with the proof that they contradict each other; undefined where the log does not even give that. */
const brokenFork = async (
  state: AuditorState,
  source: LogSource,
  { member, log, noteSize, note: old }: LogState,
  signed: Checkpoint,
  said: string,
  other: Uint8Array | undefined,
): Promise<FoundFork | undefined> => {
  if (Math.min(noteSize, signed.size) === 0) return undefined;
  if (signed.size < noteSize) {
    const nodes = state.nodes(member);
    const proof = await consistencyProof(signed.size, noteSize, nodes);
    return {
      member,
      log,
      sizes: [signed.size, noteSize],
      notes: [said, old],
      other: toHex(await rootAt(signed.size, nodes)),
      proof: proof.map(toHex),
    };
  }
  if (other === undefined) return undefined;
  const proof = await source.consistency(noteSize, signed.size);
  return { member, log, sizes: [noteSize, signed.size], notes: [old, said], other: toHex(other), proof: proof.map(toHex) };
};

/** What no longer extends what was read: named once, and nothing of this log is read from then on. */
const breakOff = async (desk: Desk, source: LogSource, at: LogState, signed: Checkpoint, said: SaidCheckpoint): Promise<LogState> => {
  const { finding, other } = await diagnose(desk.state, source, at, signed);
  note(desk, finding);
  const fork = await brokenFork(desk.state, source, at, signed, said.note, other);
  if (fork !== undefined) desk.state.putFork(fork);
  return { ...at, broken: said.note };
};

/**
 * Reads what is new of one member's log, under a checkpoint that the member has signed, and takes it in window by window. Each window is proved to lie under that
 * checkpoint before anything of it counts, and is durable with the place reached. Throws CliFailure where the gateway does not answer.
 */
export const auditLog = async (desk: Desk, source: LogSource, round: number): Promise<LogState> => {
  const { chain, state } = desk;
  const said = await source.checkpoint();
  const { member, log } = said;
  await chain.freshen();
  const head = chain.head();
  // Asked after the anchors were read: an honest log is at least as long as any of them.
  const now = await source.checkpoint();
  let at = state.log(member) ?? unread(member, log);
  if (at.broken !== undefined) return at;
  const signed = signedCheckpoint(head, { chainId: chain.chainId, anchor: chain.address('audit-anchor') }, now);
  if (signed === undefined || now.member !== member) {
    note(desk, { kind: 'checkpoint-false', member, what: 'not signed with a note key and an account of the member', entries: [] });
    return at;
  }
  const viewAt = viewsOf(chain);
  const anchors = await timedAnchors(head.anchors(member, log), viewAt);
  const keep = async (next: LogState): Promise<LogState> => {
    state.putLog(next);
    await state.commit();
    return next;
  };
  if (signed.size < at.size) return keep(await breakOff(desk, source, at, signed, now));
  const anchored = anchors.at(-1)?.anchor.size ?? 0;
  if (signed.size < anchored)
    note(desk, windowFinding(member, 'short', signed.size, `${signed.size} entries signed, ${anchored} anchored`));
  const context = {
    member,
    round,
    viewAt,
    anchorBefore: anchorsBefore(anchors),
    consentShown: shownConsents(source, head, chain.chainId),
    erasedMeanwhile: (index: number) => isErased(source, index),
  };
  do {
    const window = await readWindow(source, at, signed);
    if (window.kind !== 'proved') {
      if (at.size > 0 && window.kind === 'unproved') return keep(await breakOff(desk, source, at, signed, now));
      note(desk, windowFinding(member, window.kind, window.index, window.what));
      return keep(at);
    }
    at = await takeWindow(desk, at, window.entries, context);
    if (at.size === signed.size) at = { ...at, note: now.note, noteSize: signed.size, round };
    await keep(at);
  } while (at.size < signed.size);
  if (at.note === now.note) state.putNote(member, signed.size, now.note);
  return keep(await judgeWitnesses(desk, await judgeAnchors(desk, at, anchors, head), anchors, head, now));
};
