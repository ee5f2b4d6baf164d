import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { canonicalJson, type JsonValue } from '../domain/canonical.ts';
import { sha256Hex } from '../domain/hash.ts';
import type { Hex, MemberId, UsageId } from '../domain/ids.ts';
import { leafSteps } from '../domain/usage-leaf.ts';
import { findingKinds } from './finding.ts';

/* A finding with everything that convinces who trusts nobody: docs/protocol/evidence.md. */

const closed = { additionalProperties: false } as const;
const Bytes = Type.Unsafe<Hex>({ type: 'string', pattern: '^0x(?:[0-9a-f]{2})*$' });
const Bytes32 = Type.Unsafe<Hex>({ type: 'string', pattern: '^0x[0-9a-f]{64}$' });
const Account = Type.Unsafe<Hex>({ type: 'string', pattern: '^0x[0-9a-f]{40}$' });
/** As its writer spelt it: with EIP-55's capitals or without. */
const Address = Type.Unsafe<Hex>({ type: 'string', pattern: '^0x[0-9a-fA-F]{40}$' });
const Member = Type.Unsafe<MemberId>({ type: 'string', pattern: '^[a-z0-9.-]{1,31}$' });
const Usage = Type.Unsafe<UsageId>({ type: 'string', pattern: '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Texts = Type.Record(Type.String(), Type.String());
const Proof = Type.Array(Bytes32);

const Opening = Type.Object({ index: Count, usage: Usage, step: Type.Enum([...leafSteps]), values: Texts, salts: Texts }, closed);
const Entry = Type.Object(
  {
    member: Member,
    index: Count,
    leaf: Type.String(),
    opening: Type.Union([Opening, Type.Null()]),
    /** Inclusion under the log's note (RFC 9162 §2.1.3). */
    proof: Proof,
  },
  closed,
);
const Log = Type.Object(
  {
    member: Member,
    log: Count,
    note: Type.String(),
    /** Place of the Note key in the registry. */
    key: Count,
    /** Between the note and the last anchor, from the smaller size to the larger (RFC 9162 §2.1.4). */
    consistency: Proof,
    /** Where the note extends another tree than the anchored one: the root of that tree at the anchored size. */
    other: Type.Union([Bytes32, Type.Null()]),
  },
  closed,
);
const Fork = Type.Object(
  {
    member: Member,
    log: Count,
    /** The smaller checkpoint and the larger. */
    notes: Type.Tuple([Type.String(), Type.String()]),
    keys: Type.Tuple([Count, Count]),
    other: Bytes32,
    proof: Proof,
  },
  closed,
);
const Consent = Type.Object(
  {
    v: Type.Literal(1),
    consent: Bytes32,
    subject: Type.Object({ type: Type.String(), code: Type.String() }, closed),
    salt: Bytes32,
    credential: Type.String(),
    certificate: Type.Object({ subjectKey: Address, consentKey: Address, credential: Bytes32, signature: Bytes }, closed),
  },
  closed,
);
const AccountProof = Type.Object(
  {
    address: Account,
    proof: Type.Array(Bytes),
    storage: Type.Array(Type.Object({ slot: Bytes32, proof: Type.Array(Bytes) }, closed)),
  },
  closed,
);
const Finding = Type.Object(
  { kind: Type.Enum([...findingKinds]), member: Member, usage: Type.Union([Usage, Type.Null()]), what: Type.String() },
  closed,
);
export const Evidence = Type.Object(
  {
    version: Type.Literal('xinshu-evidence/1'),
    finding: Finding,
    chain: Type.Object({ chainId: Count, directory: Account, header: Bytes, hash: Bytes32, accounts: Type.Array(AccountProof) }, closed),
    logs: Type.Array(Log),
    entries: Type.Array(Entry),
    /** What the gateway showed of the consent, where the finding is about its credential. */
    consent: Type.Union([Consent, Type.Null()]),
    fork: Type.Union([Fork, Type.Null()]),
    /** SHA-256 of the canonical form of all the rest. */
    digest: Bytes32,
  },
  closed,
);
export type Evidence = Static<typeof Evidence>;
export type EvidenceEntry = Static<typeof Entry>;
export type EvidenceLog = Static<typeof Log>;
export type EvidenceFork = Static<typeof Fork>;

const digestOf = ({ digest: _, ...rest }: Evidence): Hex => sha256Hex(canonicalJson(rest as unknown as JsonValue));

/** The file: canonical JSON (RFC 8785) and a line feed, so that it has one spelling only. */
export const evidenceText = (evidence: Omit<Evidence, 'digest'>): string => {
  const whole = { ...evidence, digest: digestOf(evidence as Evidence) };
  return `${canonicalJson(whole as unknown as JsonValue)}\n`;
};

/** The evidence in a file, if every byte of it is as it was written; else undefined. That it holds is another question. */
export const readEvidence = (text: string): Evidence | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Value.Check(Evidence, value)) return undefined;
  return evidenceText(value) === text ? value : undefined;
};
