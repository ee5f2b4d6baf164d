import { fromBase64url, fromHex, toHex } from '../domain/hash.ts';
import type { MemberId } from '../domain/ids.ts';
import { leafHash } from '../domain/merkle.ts';
import { verifyConsistency, verifyInclusion } from '../domain/merkle-verify.ts';
import { type Checkpoint, logOrigin } from './checkpoint.ts';
import type { Evidence, EvidenceEntry, EvidenceLog } from './evidence.ts';
import type { Finding } from './finding.ts';
import { forkWords, isFork } from './fork.ts';
import { checkOpening, decodeLeaf, type OpenedLeaf } from './leaf.ts';
import { openCheckpoint, readNote } from './note.ts';
import { addHalf, expectedOf, type UsageHalves } from './usage-halves.ts';

/** `needs`: what this file alone can't show. */
export type Verdict = { readonly check: string; readonly result: 'holds' | 'fails' | 'needs node' | 'needs log'; readonly what: string };

/** What the file's storage proofs say of the chain at its block. */
export type ProvenChain = {
  readonly noteKey: (member: MemberId, index: number) => Uint8Array | undefined;
  /** The last checkpoint on chain; of size 0 where there is none. */
  readonly anchor: (member: MemberId, log: number) => { readonly size: number; readonly root: Uint8Array; readonly block: number };
};

const verdict = (check: string, holds: boolean, what = ''): Verdict => ({ check, result: holds ? 'holds' : 'fails', what });

const signed = (
  evidence: Evidence,
  chain: ProvenChain,
  member: MemberId,
  log: number,
  note: string,
  key: number,
): Checkpoint | undefined => {
  const bytes = chain.noteKey(member, key);
  const read = readNote(note);
  // What other lines say is nobody's word here, so there are none.
  if (bytes === undefined || !read.ok || read.value.signatures.length !== 1) return undefined;
  const opened = openCheckpoint(note, logOrigin(evidence.chain.chainId, member, log), bytes);
  return opened.ok ? opened.value : undefined;
};

/** How a signed checkpoint stands to what is anchored: one must extend the other, or be shown to extend something else. */
const judgeAnchor = (log: EvidenceLog, checkpoint: Checkpoint, chain: ProvenChain): Verdict => {
  const check = `anchor of ${log.member}`;
  const anchor = chain.anchor(log.member, log.log);
  if (anchor.size === 0) return verdict(check, log.consistency.length === 0 && log.other === null, 'nothing is anchored');
  const proof = log.consistency.map(fromHex);
  const what = `size ${anchor.size}, anchored in block ${anchor.block}`;
  if (log.other !== null) {
    const contradicts =
      log.other !== toHex(anchor.root) && verifyConsistency(anchor.size, checkpoint.size, fromHex(log.other), checkpoint.root, proof);
    return verdict(check, contradicts, `${what}, is contradicted by what is signed`);
  }
  const [first, second] = anchor.size <= checkpoint.size ? [anchor, checkpoint] : [checkpoint, anchor];
  return verdict(check, verifyConsistency(first.size, second.size, first.root, second.root, proof), what);
};

type OpenEntry = EvidenceEntry & {
  readonly opened: OpenedLeaf | undefined;
  readonly fault: { readonly kind: string; readonly what: string } | undefined;
};

const openEntry = (entry: EvidenceEntry): OpenEntry => {
  const decoded = decodeLeaf(fromBase64url(entry.leaf) ?? new Uint8Array());
  if (!decoded.ok) {
    const what = `entry ${entry.index}: ${String(decoded.refusal.detail.reason)}`;
    return { ...entry, opened: undefined, fault: { kind: 'leaf-malformed', what } };
  }
  if (entry.opening === null) return { ...entry, opened: undefined, fault: undefined };
  if (entry.opening.index !== entry.index)
    return { ...entry, opened: undefined, fault: { kind: 'opening-out-of-place', what: `entry ${entry.index}` } };
  const values = checkOpening(decoded.value, entry.opening);
  if (!values.ok) {
    const what = `entry ${entry.index}: ${String(values.refusal.detail.name)}`;
    return { ...entry, opened: undefined, fault: { kind: 'opening-differs', what } };
  }
  const opened = { index: entry.index, leaf: decoded.value, usage: entry.opening.usage, values: values.value };
  return { ...entry, opened, fault: undefined };
};

type Derived = Pick<Finding, 'kind' | 'member' | 'usage' | 'what'>;
const same = (finding: Evidence['finding'], found: Derived): boolean =>
  found.kind === finding.kind && found.member === finding.member && (found.usage ?? null) === finding.usage && found.what === finding.what;

const halves = (entries: readonly OpenEntry[]): { readonly halves: UsageHalves; readonly findings: readonly Finding[] } => {
  let all: UsageHalves = [];
  const findings: Finding[] = [];
  for (const { member, index, opened } of entries) {
    if (opened === undefined) continue;
    const { leaf, usage, values } = opened;
    const added = addHalf(usage, all, {
      member,
      index,
      step: leaf.step,
      outcome: leaf.outcome,
      block: leaf.block,
      counterparty: values.counterparty,
      values,
    });
    all = added.halves;
    findings.push(...added.findings);
  }
  return { halves: all, findings };
};

const needs = (what: Verdict['result'], why: string): Verdict => ({ check: 'finding', result: what, what: why });
const aboutChain: readonly Finding['kind'][] = [
  'after-withdrawal',
  'unauthorized',
  'credential-invalid',
  'malformed',
  'over-use',
  'over-quota',
  'backdated',
  'stale-decision',
  'late-anchor',
];
/** Derives the finding again from what was proved: nothing that the file merely says counts. */
const judgeFinding = (
  evidence: Evidence,
  entries: readonly OpenEntry[],
  fork: Derived | undefined,
  contradictions: readonly Derived[],
): Verdict => {
  const { finding } = evidence;
  if (evidence.consent !== null && finding.kind !== 'credential-invalid')
    return verdict('finding', false, 'shows a consent that nothing rests on');
  const place = entries[0];
  if (finding.kind === 'fork') return verdict('finding', fork !== undefined && same(finding, fork));
  if (finding.kind === 'root-differs')
    return verdict(
      'finding',
      contradictions.some((found) => same(finding, found)),
    );
  if (place === undefined) return verdict('finding', false, 'no entry');
  if (finding.kind === 'leaf-malformed' || finding.kind === 'opening-differs')
    return verdict('finding', place.member === finding.member && place.fault?.kind === finding.kind && place.fault.what === finding.what);
  // Anything else rests on entries of one usage that were opened, whose log the finding may name.
  const late =
    finding.kind === 'late-anchor' || finding.kind === 'backdated' || finding.kind === 'stale-decision' || finding.usage === null;
  if (!late && entries.at(-1)?.opened?.usage !== finding.usage) return verdict('finding', false, 'the entries are of another usage');
  if (aboutChain.includes(finding.kind) || finding.what.startsWith('price at block')) {
    const named = entries.at(-1)?.member === finding.member;
    const isShown = evidence.consent !== null && evidence.consent.consent === entries.at(-1)?.opened?.values.consent;
    if (finding.kind === 'credential-invalid' && !isShown) return verdict('finding', false, 'the consent of the entry is not shown');
    return named
      ? needs('needs node', 'what the chain allowed at the block of the entry')
      : verdict('finding', false, 'the entries are of another member');
  }
  const derived = halves(entries);
  if (finding.kind !== 'half-missing')
    return verdict(
      'finding',
      derived.findings.some((found) => same(finding, found)),
    );
  const expected = expectedOf(derived.halves).some(({ member, steps }) => member === finding.member && steps.join(' or ') === finding.what);
  return expected
    ? needs('needs log', `that ${finding.member} has no such entry`)
    : verdict('finding', false, 'nothing of the kind must be there');
};

/** Every check that the file allows by itself, given what its proofs say of the chain. */
export const judgeEvidence = (evidence: Evidence, chain: ProvenChain): readonly Verdict[] => {
  const checkpoints = new Map<string, Checkpoint | undefined>();
  const logs = evidence.logs.flatMap((log): Verdict[] => {
    const checkpoint = signed(evidence, chain, log.member, log.log, log.note, log.key);
    checkpoints.set(log.member, checkpoint);
    const note = verdict(`checkpoint of ${log.member}`, checkpoint !== undefined, 'signed with a key that the chain holds');
    return checkpoint === undefined ? [note] : [note, judgeAnchor(log, checkpoint, chain)];
  });
  const entries = evidence.entries.map(openEntry);
  const included = entries.map(({ member, index, leaf, proof }): Verdict => {
    const [bytes, under] = [fromBase64url(leaf), checkpoints.get(member)];
    const holds =
      bytes !== undefined && under !== undefined && verifyInclusion(leafHash(bytes), index, under.size, proof.map(fromHex), under.root);
    return verdict(`entry ${index} of ${member}`, holds, 'stands under the signed checkpoint');
  });
  const opened = entries
    .filter(({ opening }) => opening !== null)
    .map(({ member, index, fault }): Verdict => {
      const expected = fault !== undefined && fault.kind === evidence.finding.kind;
      return verdict(
        `opening of entry ${index} of ${member}`,
        fault === undefined || expected,
        fault === undefined ? 'fits its commitments' : fault.what,
      );
    });
  const fork = judgeFork(evidence, chain);
  const finding = judgeFinding(evidence, entries, fork.derived, contradictionsOf(evidence, chain));
  return [...logs, ...included, ...opened, ...fork.verdicts, finding];
};

type JudgedFork = { readonly verdicts: readonly Verdict[]; readonly derived: Derived | undefined };

const judgeFork = (evidence: Evidence, chain: ProvenChain): JudgedFork => {
  const { fork } = evidence;
  if (fork === null) return { verdicts: [], derived: undefined };
  const { member, log, notes, keys } = fork;
  const [smaller, larger] = [
    signed(evidence, chain, member, log, notes[0], keys[0]),
    signed(evidence, chain, member, log, notes[1], keys[1]),
  ];
  const check = `fork of ${member}`;
  if (smaller === undefined || larger === undefined)
    return { verdicts: [verdict(check, false, 'not both are signed')], derived: undefined };
  const holds = isFork({ smaller, larger, other: fromHex(fork.other), proof: fork.proof.map(fromHex) });
  const derived: Derived = { kind: 'fork', member, what: forkWords([smaller.size, larger.size]) };
  return {
    verdicts: [verdict(check, holds, 'both checkpoints are signed and contradict each other')],
    derived: holds ? derived : undefined,
  };
};

/** What the signed checkpoints contradict that is anchored, in the words in which it is found. */
const contradictionsOf = ({ logs }: Evidence, chain: ProvenChain): readonly Derived[] =>
  logs.flatMap(({ member, log, other }): Derived[] => {
    const { size, root } = chain.anchor(member, log);
    return other === null ? [] : [{ kind: 'root-differs', member, what: rootWords(size, toHex(root), other) }];
  });

export const rootWords = (size: number, anchored: string, entries: string): string =>
  `size ${size}: anchored ${anchored}, entries give ${entries}`;

/** The entries that opened, for who decides them again with a node. */
export const openedEntries = (evidence: Evidence): readonly (OpenedLeaf & { readonly member: MemberId })[] =>
  evidence.entries.map(openEntry).flatMap(({ member, opened }) => (opened === undefined ? [] : [{ ...opened, member }]));
