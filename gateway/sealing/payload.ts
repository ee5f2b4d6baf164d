import Type, { type Static } from 'typebox';
import { withholdingReasons } from '../domain/serving-rules.ts';
import { bytes, datasetId, oneOf, subject, usageId } from './message-parts.ts';

/** Plaintext of a sealed answer (docs/protocol/records.md). Salts and hashes are base64url. */
const reason = oneOf(withholdingReasons);
const name = Type.String({ minLength: 1, maxLength: 31 });
const value = Type.Union([Type.String(), Type.Integer(), Type.Boolean(), Type.Null()]);
const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
/** Bounded, since a payload that shows no field can claim any number of records in a few bytes. */
const recordCount = Type.Integer({ minimum: 0, maximum: 1_000_000 });

/** A value that is withheld from a field that is shown in other records. */
const hiddenCell = Type.Object({ hash: bytes(32) }, { additionalProperties: false });
/** One cell a record; salts of the cells that are shown, one after the other. */
const shownField = Type.Object(
  { name, cells: Type.Array(Type.Union([value, hiddenCell])), salts: Type.String({ pattern: '^[A-Za-z0-9_-]*$' }) },
  { additionalProperties: false },
);
const hiddenField = Type.Object({ name, hash: bytes(32), reason }, { additionalProperties: false });
const hiddenRecord = Type.Object({ record: recordCount, reason }, { additionalProperties: false });

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
    records: recordCount,
    withheld: Type.Array(hiddenRecord),
    fields: Type.Array(Type.Union([shownField, hiddenField])),
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
export type PayloadField = PayloadWithRecords['fields'][number];
export type ShownField = Extract<PayloadField, { readonly cells: unknown }>;
export type Cell = ShownField['cells'][number];
