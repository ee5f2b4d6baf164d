import Type, { type Static, type TProperties } from 'typebox';
import { canonicalJson, type JsonValue } from '../domain/canonical.ts';
import { sha256Hex } from '../domain/hash.ts';
import type { Hex } from '../domain/ids.ts';
import { ModelDocumentForm } from '../domain/model-document.ts';
import { address, bytes32, code, count, memberId, nullable, signature, usageId } from './message-parts.ts';
import { parser } from './parser.ts';
import { ProofForm, SessionTermsForm } from './score-messages.ts';

const strict = <T extends TProperties>(properties: T) => Type.Object(properties, { additionalProperties: false });
const party = { member: memberId, account: address };

const contribution = { ...party, partHash: bytes32, commitment: bytes32, signature, proof: nullable(ProofForm) };
const contributions = <T extends TProperties>(properties: T) => Type.Array(strict(properties), { minItems: 2, maxItems: 128 });
const sessionFacts = {
  chain: count,
  registry: address,
  session: bytes32,
  terms: SessionTermsForm,
  consumer: strict({ ...party, signature }),
  model: ModelDocumentForm,
  /** `unproven`: each provider's word, not a proof, stands behind its points. */
  proofs: Type.Union([Type.Literal('verified'), Type.Literal('unproven')]),
};

/** What everyone signed or proved in a session: says nothing of the score. */
export const SessionFactsForm = { ...sessionFacts, contributions: contributions(contribution) };
const sessionFactsForm = strict(SessionFactsForm);
export type SessionFacts = Static<typeof sessionFactsForm>;

/**
 * What the consumer keeps of a score, and can show to anyone (docs/protocol/score.md): everything that is needed to check it without a chain, and nothing of the subject but
 * the consent's commitment. Accounts, roots and part hashes are the chain's at the session's block.
 */
export const ScoreCertificateForm = strict({
  v: Type.Literal(1),
  score: usageId,
  ...sessionFacts,
  purpose: code,
  contributions: contributions({ ...contribution, reasons: nullable(Type.Array(code, { maxItems: 16 })) }),
  /** Opens the sum of the commitments. */
  total: strict({ points: Type.Integer(), blinding: bytes32 }),
  result: strict({
    score: Type.Integer(),
    band: Type.Optional(Type.String({ maxLength: 200 })),
    decision: Type.Optional(Type.Union([Type.Literal('approve'), Type.Literal('decline')])),
    /** The highest grade of the datasets (rule 42). */
    grade: Type.Integer({ minimum: 1, maximum: 5 }),
  }),
  /** Seconds. */
  issuedAt: count,
  review: Type.String({ maxLength: 500 }),
});
export type ScoreCertificate = Static<typeof ScoreCertificateForm>;

/** A certificate with the consumer's signature over all of it (EIP-712 `ScoreCertificate`). */
export const SignedCertificateForm = strict({ certificate: ScoreCertificateForm, signature });
export type SignedCertificate = Static<typeof SignedCertificateForm>;

export const parseSignedCertificate = parser<SignedCertificate>(SignedCertificateForm);
export const certificateHash = (certificate: ScoreCertificate): Hex => sha256Hex(canonicalJson(certificate as JsonValue));

/** What a person concerned may ask for (PIPL art. 24, rule 45), said in every certificate. */
export const reviewNotice =
  'The person concerned may ask the institution for an explanation of this score and for a review by a human being. 个人可要求机构说明本评分并由人工复核。';
