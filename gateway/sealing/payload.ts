import Type, { type Static } from 'typebox';
import { withholdingReasons } from '../domain/serving-rules.ts';
import { bytes, datasetId, oneOf, subject, usageId } from './message-parts.ts';

/** Plaintext of a sealed answer (docs/protocol/records.md). Salts and hashes are base64url. */
const reason = oneOf(withholdingReasons);
const name = Type.String({ minLength: 1, maxLength: 31 });
const value = Type.Union([Type.String(), Type.Integer(), Type.Boolean(), Type.Null()]);

const shownField = Type.Object({ name, value, salt: bytes(16) }, { additionalProperties: false });
const hiddenField = Type.Object({ name, hash: bytes(32), reason }, { additionalProperties: false });
const shownRecord = Type.Object({ fields: Type.Array(Type.Union([shownField, hiddenField])) }, { additionalProperties: false });
const hiddenRecord = Type.Object({ hash: bytes(32), reason }, { additionalProperties: false });
const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

export const PayloadWithRecords = Type.Object(
  {
    v: Type.Literal(1),
    usage: usageId,
    dataset: datasetId,
    version: count,
    subject,
    subjectSalt: bytes(16),
    leafIndex: count,
    treeSize: count,
    path: Type.Array(bytes(32), { maxItems: 64 }),
    records: Type.Array(Type.Union([shownRecord, hiddenRecord])),
  },
  { additionalProperties: false },
);

/** The version holds nothing on this subject: rests on the provider's signature. */
export const PayloadWithout = Type.Object(
  { v: Type.Literal(1), usage: usageId, dataset: datasetId, version: count, none: Type.Literal(true) },
  { additionalProperties: false },
);

export const Payload = Type.Union([PayloadWithRecords, PayloadWithout]);
export type PayloadWithRecords = Static<typeof PayloadWithRecords>;
export type Payload = Static<typeof Payload>;
export type PayloadRecord = PayloadWithRecords['records'][number];
