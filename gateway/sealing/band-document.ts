import Type, { type Static, type TProperties } from 'typebox';
import { canonicalJson, type JsonValue } from '../domain/canonical.ts';
import { sha256Hex } from '../domain/hash.ts';
import type { Hex } from '../domain/ids.ts';
import { bytes32, nullable, signature } from './message-parts.ts';
import { parser } from './parser.ts';
import { SessionFactsForm } from './score-certificate.ts';
import { ProofForm } from './score-messages.ts';

const strict = <T extends TProperties>(properties: T) => Type.Object(properties, { additionalProperties: false });
const end = nullable(Type.Integer({ minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }));

/** A score's band for one asker: what a certificate says of its session, without total, result and reasons, and the proof that the score lies in the band. */
export const BandDocumentForm = strict({
  v: Type.Literal(1),
  ...SessionFactsForm,
  band: strict({ from: end, below: end }),
  asker: strict({ audience: Type.String({ minLength: 1, maxLength: 200 }), challenge: bytes32 }),
  bandProof: ProofForm,
});
export type BandDocument = Static<typeof BandDocumentForm>;

/** With the consumer's signature over all of it (EIP-712 `ScoreCertificate`). */
export const SignedBandForm = strict({ document: BandDocumentForm, signature });
export type SignedBand = Static<typeof SignedBandForm>;

export const parseSignedBand = parser<SignedBand>(SignedBandForm);
export const bandDocumentHash = (document: BandDocument): Hex => sha256Hex(canonicalJson(document as JsonValue));
