import { hash } from 'node:crypto';
import { canonicalJson } from '../domain/canonical.ts';
import { fromBase64url, toBase64url } from '../domain/hash.ts';
import type { Hex, UsageId } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { type LeafDraft, type LeafOpening, type LeafStep, leafSteps } from '../domain/usage-leaf.ts';

/** One entry of an audit log as anyone may see it (docs/protocol/audit-log.md); the bytes are canonical JSON with one-letter names. */
export type Leaf = {
  readonly time: number;
  readonly block: number;
  readonly step: LeafStep;
  readonly outcome: string;
  readonly tag: Hex | null;
  /** Salted commitments (base64url of 32 bytes) by name. */
  readonly commitments: Readonly<Record<string, string>>;
};

/** What a leaf may commit to. `usage` is always there. */
export const commitmentNames = [
  'usage',
  'counterparty',
  'subject',
  'staff',
  'reviewer',
  'grant',
  'consent',
  'dataset',
  'fields',
  'purpose',
  'operation',
  'price',
  'message',
  'period',
] as const;
export type CommitmentName = (typeof commitmentNames)[number];

const sortedNames: readonly CommitmentName[] = [...commitmentNames].sort();

const saltLength = 16;
const commitmentPrefix = 0x20;

/** Room for what is hashed, by its length: with a buffer for each hash, making and collecting those would cost more than hashing. */
const rooms: Buffer[] = [];
const roomOf = (length: number): Buffer => {
  if (length > 512) return Buffer.allocUnsafe(length);
  rooms[length] ??= Buffer.allocUnsafe(length);
  return rooms[length];
};

/** The salt is the `saltLength` bytes of `salts` from `at` on. */
const commit = (salts: Uint8Array, at: number, value: string): string => {
  const bytes = roomOf(1 + saltLength + Buffer.byteLength(value, 'utf8'));
  bytes[0] = commitmentPrefix;
  for (let place = 0; place < saltLength; place += 1) bytes[1 + place] = salts[at + place]!;
  bytes.write(value, 1 + saltLength, 'utf8');
  return hash('sha256', bytes, 'base64url');
};

const isCommitmentName = (name: string): name is CommitmentName => (commitmentNames as readonly string[]).includes(name);

/** How many fresh random bytes encoding this draft takes: 16 for each value. */
export const leafEntropyLength = (draft: LeafDraft): number => saltLength * (Object.keys(draft.committed).length + 1);

/** The names of all that a draft commits to, in the order in which its salts are taken. Throws RangeError for one that leaves don't know. */
const namesOf = ({ committed }: Pick<LeafDraft, 'committed'>): CommitmentName[] => {
  if ('usage' in committed) throw new RangeError('the usage id is committed to by itself');
  const names = sortedNames.filter((name) => name === 'usage' || name in committed);
  const strange = Object.keys(committed).find((name) => !isCommitmentName(name));
  if (strange !== undefined) throw new RangeError(`a leaf has no commitment named ${strange}`);
  return names;
};

/**
 * The bytes of a draft's leaf. `entropy` must be `leafEntropyLength(draft)` fresh random bytes. Throws RangeError for a name that leaves don't know: that is a
 * programming error.
 */
export const leafBytes = (draft: LeafDraft, entropy: Uint8Array, tag: Hex | null): Uint8Array => {
  if (entropy.length !== leafEntropyLength(draft)) throw new RangeError('entropy does not fit the number of commitments');
  if (!isCount(draft.time) || !isCount(draft.block)) throw new RangeError('time and block are whole numbers');
  const commitments: Record<string, string> = {};
  for (const [place, name] of namesOf(draft).entries()) {
    commitments[name] = commit(entropy, place * saltLength, name === 'usage' ? draft.usage : draft.committed[name]!);
  }
  // Every gateway pays this for every usage: with the names written in their order, JSON.stringify gives the same text as RFC 8785 (test/gateway/audit/leaf.test.ts).
  const text = JSON.stringify({ b: draft.block, c: commitments, g: tag, o: draft.outcome, s: draft.step, t: draft.time, v: 1 });
  return Buffer.from(text, 'utf8');
};

/** What opens the leaf that was made of this draft and this entropy; the index is the store's to add. */
export const openingOf = (draft: Pick<LeafDraft, 'usage' | 'step' | 'committed'>, entropy: Uint8Array): Omit<LeafOpening, 'index'> => {
  const salts: Record<string, string> = {};
  for (const [place, name] of namesOf(draft).entries()) {
    salts[name] = toBase64url(entropy.subarray(place * saltLength, (place + 1) * saltLength));
  }
  return { usage: draft.usage, step: draft.step, values: { ...draft.committed, usage: draft.usage }, salts };
};

/** A draft's leaf with its opening. */
export const encodeLeaf = (
  draft: LeafDraft,
  entropy: Uint8Array,
  tag: Hex | null,
): { readonly bytes: Uint8Array; readonly opening: Omit<LeafOpening, 'index'> } => ({
  bytes: leafBytes(draft, entropy, tag),
  opening: openingOf(draft, entropy),
});

const members = 'b,c,g,o,s,t,v';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isStep = (value: unknown): value is LeafStep => (leafSteps as readonly unknown[]).includes(value);
const isOutcome = (value: unknown): value is string => typeof value === 'string' && /^(ok|[A-Z][A-Z0-9_]{0,63})$/.test(value);
const isTag = (value: unknown): value is Hex | null => value === null || (typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value));
const isCommitments = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  'usage' in value &&
  Object.entries(value).every(
    ([name, digest]) => isCommitmentName(name) && typeof digest === 'string' && fromBase64url(digest)?.length === 32,
  );

/** Reads a leaf back. Strict: an unknown version, an extra or missing member, a wrong type or bytes that are not canonical are LEAF_MALFORMED. */
export const decodeLeaf = (bytes: Uint8Array): Result<Leaf> => {
  const malformed = (reason: string) => refuse('LEAF_MALFORMED', { reason });
  let value: unknown;
  const text = Buffer.from(bytes).toString('utf8');
  try {
    value = JSON.parse(text);
  } catch {
    return malformed('not JSON');
  }
  if (typeof value !== 'object' || value === null || Object.keys(value).sort().join() !== members) return malformed('members');
  const { v, t, b, s, o, g, c } = value as Record<string, unknown>;
  if (v !== 1) return malformed('version');
  if (!isCount(t) || !isCount(b)) return malformed('time or block');
  if (!isStep(s)) return malformed('step');
  if (!isOutcome(o)) return malformed('outcome');
  if (!isTag(g)) return malformed('tag');
  if (!isCommitments(c)) return malformed('commitments');
  // One leaf has one spelling, or two logs could hold "the same" entry under two hashes.
  if (!Buffer.from(canonicalJson(value as Record<string, never>), 'utf8').equals(bytes)) return malformed('not canonical');
  return ok({ time: t, block: b, step: s, outcome: o, tag: g, commitments: c });
};

/** Whether an opening's step, usage and every value fit the leaf, and no commitment of the leaf is left unopened. Refuses with LEAF_OPENING_MISMATCH and the name. */
export const checkOpening = (leaf: Leaf, opening: Omit<LeafOpening, 'index'>): Result<Readonly<Record<string, string>>> => {
  const mismatch = (name: string) => refuse('LEAF_OPENING_MISMATCH', { name });
  if (opening.step !== leaf.step) return mismatch('step');
  if (opening.values.usage !== opening.usage) return mismatch('usage');
  const names = new Set([...Object.keys(leaf.commitments), ...Object.keys(opening.values)]);
  for (const name of names) {
    const value = opening.values[name];
    const salt = fromBase64url(opening.salts[name] ?? '');
    if (value === undefined || salt?.length !== saltLength || commit(salt, 0, value) !== leaf.commitments[name]) return mismatch(name);
  }
  return ok(opening.values);
};

/** Like `checkOpening` for an opening in which some commitments stay closed: every value shown must fit. */
export const checkShown = (leaf: Leaf, opening: Omit<LeafOpening, 'index'>): Result<Readonly<Record<string, string>>> => {
  const commitments = Object.fromEntries(Object.entries(leaf.commitments).filter(([name]) => name in opening.values));
  return checkOpening({ ...leaf, commitments }, opening);
};

/** A leaf with what is behind it, checked, and its place. */
export type OpenedLeaf = {
  readonly index: number;
  readonly leaf: Leaf;
  readonly usage: UsageId;
  readonly values: Readonly<Record<string, string>>;
};
