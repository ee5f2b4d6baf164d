import { logOrigin } from '../../../audit/checkpoint.ts';
import { type Evidence, type EvidenceEntry, type EvidenceFork, type EvidenceLog, evidenceText } from '../../../audit/evidence.ts';
import type { Finding, Place } from '../../../audit/finding.ts';
import { isOfKey, noteKeyId, openCheckpoint, readNote } from '../../../audit/note.ts';
import { equalBytes, fromHex, toBase64url, toHex } from '../../../domain/hash.ts';
import type { ConsentId, MemberId } from '../../../domain/ids.ts';
import { keysInForce } from '../../../domain/member-keys.ts';
import { consistencyProof, inclusionProof, rootAt } from '../../../domain/merkle.ts';
import { parseShownOpening } from '../../../sealing/messages.ts';
import type { NetworkFile } from '../../network-file.ts';
import { forkFinding } from '../compare-states.ts';
import type { Desk } from '../desk.ts';
import type { LogSource } from '../log-source.ts';
import type { FoundFork, LogState } from '../state.ts';
import { proveChain } from './prove-chain.ts';
import { verifyEvidence } from './verify-evidence.ts';

export type Evident = {
  readonly desk: Desk;
  readonly network: NetworkFile;
  readonly sourceOf: (member: MemberId) => LogSource | undefined;
};

// What a gateway answered and did not sign convinces nobody who was not there.
const unsigned: readonly Finding['kind'][] = [
  'log-unread',
  'checkpoint-false',
  'log-shorter-than-anchor',
  'leaf-out-of-place',
  'opening-out-of-place',
  'credential-unshown',
];

type SignedNote = { readonly note: string; readonly key: number };

/** The note with the member's own signature alone, since a reader can judge no other, and the place of its key in the registry. */
const signedNote = ({ chain }: Desk, member: MemberId, log: number, note: string): SignedNote | undefined => {
  const { block } = chain.head();
  const origin = logOrigin(chain.chainId, member, log);
  const read = readNote(note);
  if (!read.ok) return undefined;
  for (const { index, data } of keysInForce(chain.head().member(member)?.keys ?? [], 'note', block.number)) {
    const id = noteKeyId(origin, fromHex(data));
    const own = read.value.signatures.find((signature) => isOfKey(signature, origin, id));
    const alone = `${read.value.text}\n${own?.line}`;
    if (own !== undefined && openCheckpoint(alone, origin, fromHex(data)).ok) return { note: alone, key: index };
  }
  return undefined;
};

const entryOf = async ({ desk, sourceOf }: Evident, { member, index }: Place): Promise<EvidenceEntry | undefined> => {
  const size = desk.state.log(member)?.noteSize ?? 0;
  const source = sourceOf(member);
  if (source === undefined || index >= size) return undefined;
  for await (const { leaf, opening } of source.entries(index, index + 1)) {
    if (leaf === undefined) return undefined;
    const proof = await inclusionProof(index, size, desk.state.nodes(member));
    return { member, index, leaf: toBase64url(leaf), opening: opening ?? null, proof: proof.map(toHex) };
  }
  return undefined;
};

const logOf = async ({ desk, sourceOf }: Evident, { member, log, note: whole, noteSize }: LogState): Promise<EvidenceLog | undefined> => {
  const signed = signedNote(desk, member, log, whole);
  const anchor = desk.chain.head().anchors(member, log).at(-1);
  if (signed === undefined) return undefined;
  const { note, key } = signed;
  if (anchor === undefined) return { member, log, note, key, consistency: [], other: null };
  const nodes = desk.state.nodes(member);
  if (anchor.size > noteSize) {
    const proof = (await sourceOf(member)?.consistency(noteSize, anchor.size)) ?? [];
    return { member, log, note, key, consistency: proof.map(toHex), other: null };
  }
  const [proof, root] = [await consistencyProof(anchor.size, noteSize, nodes), await rootAt(anchor.size, nodes)];
  return { member, log, note, key, consistency: proof.map(toHex), other: equalBytes(root, fromHex(anchor.root)) ? null : toHex(root) };
};

const forkOf = (desk: Desk, { member, log, notes, other, proof }: FoundFork): EvidenceFork | undefined => {
  const [first, second] = notes.map((note) => signedNote(desk, member, log, note));
  if (first === undefined || second === undefined) return undefined;
  return { member, log, notes: [first.note, second.note], keys: [first.key, second.key], other, proof: [...proof] };
};

/** Every use that was counted up to one that is too many: only all of them show that it is. */
const placesOf = ({ desk }: Evident, { kind, member, what, entries }: Finding, last: EvidenceEntry | undefined): readonly Place[] => {
  if (kind !== 'over-use' && kind !== 'over-quota') return entries;
  const { consent, dataset, grant } = last?.opening?.values ?? {};
  const key = kind === 'over-use' ? `consent/${consent}/${dataset}` : `grant/${grant}`;
  return desk.state.usesOf(member, key, Number.parseInt(what, 10)).map((index) => ({ member, index }));
};

/** null where the gateway shows none any more, or what it shows has not even the form of one. */
const consentOf = async ({ sourceOf }: Evident, entry: EvidenceEntry | undefined): Promise<Evidence['consent']> => {
  const consent = entry?.opening?.values.consent as ConsentId | undefined;
  if (entry === undefined || consent === undefined) return null;
  const shown = parseShownOpening(await sourceOf(entry.member)?.consent(consent));
  return shown.ok ? shown.value : null;
};

const stated = ({ kind, member, usage, what }: Finding): Evidence['finding'] => ({ kind, member, usage: usage ?? null, what });

/** The text of an evidence file; undefined where the finding rests on nothing that anybody signed, or that is not to be had any more. */
export const exportEvidence = async (evident: Evident, finding: Finding, found?: FoundFork): Promise<string | undefined> => {
  const { desk, network } = evident;
  const { kind, member } = finding;
  if (unsigned.includes(kind)) return undefined;
  const seen = found ?? desk.state.fork(member);
  const fork = seen === undefined ? undefined : forkOf(desk, seen);
  const last = finding.entries.at(-1);
  const places = fork === undefined ? placesOf(evident, finding, last && (await entryOf(evident, last))) : [];
  const [entries, logs]: [EvidenceEntry[], EvidenceLog[]] = [[], []];
  for (const place of places) {
    const entry = await entryOf(evident, place);
    if (entry === undefined) return undefined;
    entries.push(entry);
  }
  for (const of of new Set(places.map((place) => place.member))) {
    const at = desk.state.log(of);
    const log = at === undefined ? undefined : await logOf(evident, at);
    if (log === undefined) return undefined;
    logs.push(log);
  }
  if (fork === undefined && entries.length === 0) return undefined;
  const forkKeys = fork === undefined ? [] : fork.keys.map((key) => ({ member, key }));
  const chain = await proveChain(network, (contract) => desk.chain.address(contract), {
    anchors: logs,
    keys: [...logs.map((log) => ({ member: log.member, key: log.key })), ...forkKeys],
  });
  const evidence: Omit<Evidence, 'digest'> = {
    version: 'xinshu-evidence/1',
    // How a history was changed is what this auditor saw; that there are two is what anybody can.
    finding: stated(seen === undefined || fork === undefined ? finding : forkFinding(seen)),
    chain,
    logs,
    entries,
    consent: kind === 'credential-invalid' ? await consentOf(evident, entries.at(-1)) : null,
    fork: fork ?? null,
  };
  const text = evidenceText(evidence);
  const { verdicts } = await verifyEvidence(text);
  // What does not hold by itself is no evidence, whatever this auditor saw.
  return verdicts.some(({ result }) => result === 'fails') ? undefined : text;
};
