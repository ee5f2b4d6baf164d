import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { NodeError } from '../errors.ts';
import { readJsonFile } from '../json-file.ts';

const closed = { additionalProperties: false } as const;
const sha256 = Type.String({ pattern: '^0x[0-9a-f]{64}$' });
const memberId = Type.String({ pattern: '^[a-z0-9.-]{1,31}$' });

const contributionSchema = Type.Object(
  {
    member: memberId,
    /** Members before this one in the order who had not contributed and were not passed over before. */
    passedOver: Type.Array(memberId),
    /** BLAKE2b of its public key, as snarkjs prints it; it covers the circuit and all contributions before. */
    contribution: Type.String({ pattern: '^0x[0-9a-f]{128}$' }),
    /** SHA-256 of the proving key after it. */
    provingKey: sha256,
    /** EIP-712, by the member's account. */
    signature: Type.String({ pattern: '^0x[0-9a-f]{130}$' }),
  },
  closed,
);

/** What a ceremony leaves (docs/protocol/ceremony.md): nothing in it is secret, and anyone can check it. */
const transcriptSchema = Type.Object(
  {
    version: Type.Literal(1),
    circuit: Type.String({ pattern: '^[a-z-]{1,20}$' }),
    /** `trial` where the powers of tau are those of the trial keys, whose secret everyone has. */
    use: Type.Enum(['trial', 'ceremony']),
    r1cs: sha256,
    powersOfTau: sha256,
    witnessProgram: sha256,
    /** The proving key before the first contribution. */
    initialKey: sha256,
    /** Contributions without which there is no result. */
    least: Type.Integer({ minimum: 1, maximum: 1_000 }),
    /** In the order of their turns, with the accounts they sign with. */
    members: Type.Array(Type.Object({ id: memberId, account: Type.String({ pattern: '^0x[0-9a-fA-F]{40}$' }) }, closed), {
      minItems: 1,
      maxItems: 1_000,
    }),
    contributions: Type.Array(contributionSchema, { maxItems: 1_000 }),
    result: Type.Optional(Type.Object({ provingKey: sha256, verificationKey: sha256 }, closed)),
  },
  closed,
);

export type Contribution = Static<typeof contributionSchema>;
export type Transcript = Static<typeof transcriptSchema>;

/** Errors: NODE_CEREMONY_MISSING, NODE_CEREMONY_TRANSCRIPT. */
export function readTranscript(file: string): Transcript {
  let found: unknown;
  try {
    found = readJsonFile(file);
  } catch (error) {
    throw new NodeError('NODE_CEREMONY_TRANSCRIPT', { file, at: '/' }, { cause: error });
  }
  if (found === undefined) throw new NodeError('NODE_CEREMONY_MISSING', { file });
  const [fault] = Value.Errors(transcriptSchema, found);
  if (fault !== undefined) throw new NodeError('NODE_CEREMONY_TRANSCRIPT', { file, at: fault.instancePath || '/', fault: fault.message });
  return found as Transcript;
}

const hashOf = (value: object): string => `0x${createHash('sha256').update(canonicalize(value)!).digest('hex')}`;

/** SHA-256 of the canonical JSON (RFC 8785) of all of it: what stands on chain. */
export const transcriptHash = (transcript: Transcript): string => hashOf(transcript);

/** The same of what was settled at the start: every signature names it. */
export function ceremonyId({ contributions: _, result: __, ...start }: Transcript): string {
  return hashOf(start);
}

/** Who is passed over when this member contributes next. */
export function passedOverBy({ members, contributions }: Transcript, member: string): string[] {
  const told = new Set(contributions.flatMap((one) => [one.member, ...one.passedOver]));
  const place = members.findIndex(({ id }) => id === member);
  return members.slice(0, place).flatMap(({ id }) => (told.has(id) ? [] : [id]));
}

/** Whose turn it is, if anyone's. */
export function nextMember({ members, contributions }: Transcript): string | undefined {
  const told = new Set(contributions.flatMap((one) => [one.member, ...one.passedOver]));
  return members.find(({ id }) => !told.has(id))?.id;
}
