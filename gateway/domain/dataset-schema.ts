import Type, { type Static } from 'typebox';
import { canonicalJson, type JsonValue } from './canonical.ts';
import type { ErrorCode } from './errors.ts';
import { type Feature, FeatureForm } from './feature.ts';
import { sha256Hex } from './hash.ts';
import type { DatasetId, Hex } from './ids.ts';
import { maxFeatures } from './scorecard-part.ts';
import type { Grade, Operation, ShareClass } from './vocabulary.ts';

/** How a field's values are written: `fen` integer 分, `date` YYYY-MM-DD, `month` YYYY-MM, `decimal` plain decimal text. */
export const fieldTypes = ['string', 'integer', 'fen', 'decimal', 'date', 'month', 'boolean', 'enum', 'uscc', 'id-number'] as const;
export type FieldType = (typeof fieldTypes)[number];

/**
 * What the serving rules need to know of a field (serving-rules.ts), with the types it may have. At most one field of a schema has each.
 * `adverse`: true or a number above 0 makes the record adverse information; without such a field, having an `eventEnd` field does.
 */
export const fieldRoles = {
  subject: ['string', 'uscc', 'id-number'],
  subjectType: ['enum', 'string'],
  sourceOrg: ['uscc'],
  asOf: ['date'],
  decidedOn: ['date'],
  eventEnd: ['date'],
  publicFrom: ['date'],
  publicUntil: ['date'],
  severity: ['enum'],
  penaltyKind: ['enum'],
  adverse: ['boolean', 'integer', 'fen'],
  leniency: ['enum', 'boolean'],
  statement: ['string'],
} as const satisfies Record<string, readonly FieldType[]>;
export type FieldRole = keyof typeof fieldRoles;

/** Contents with rules of their own where persons are concerned (content-rules.ts). */
export const contentCategories = [
  'religion',
  'gene',
  'fingerprint',
  'blood-type',
  'disease',
  'income',
  'deposit',
  'securities',
  'insurance',
  'real-estate',
  'tax-amount',
] as const;
export type ContentCategory = (typeof contentCategories)[number];

// The element type of a mapped list of literals is lost in TypeBox's inference: it is stated instead.
const words = <T extends string>(list: readonly T[]) => Type.Unsafe<T>(Type.Union(list.map((word) => Type.Literal(word))));
const text = Type.String({ minLength: 1, maxLength: 200 });
const grade = Type.Unsafe<Grade>(Type.Union([1, 2, 3, 4, 5].map((level) => Type.Literal(level))));

const Field = Type.Object(
  {
    name: Type.String({ pattern: '^[A-Za-z0-9.-]{1,31}$' }),
    zh: text,
    en: text,
    type: words(fieldTypes),
    unit: Type.Optional(text),
    grade,
    required: Type.Boolean(),
    values: Type.Optional(Type.Array(text, { minItems: 1, maxItems: 200, uniqueItems: true })),
    pattern: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
    role: Type.Optional(words(Object.keys(fieldRoles) as FieldRole[])),
    category: Type.Optional(words(contentCategories)),
  },
  { additionalProperties: false },
);

const Schema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9.-]{1,31}$' }),
    kind: Type.String({ pattern: '^[a-z0-9.-]{1,31}$' }),
    title: text,
    titleZh: text,
    grade,
    shareClass: words(['open', 'conditional', 'withheld'] satisfies ShareClass[]),
    operations: Type.Array(words(['raw', 'score', 'verify', 'sandbox'] satisfies Operation[]), { minItems: 1, uniqueItems: true }),
    priceFen: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    updateCycle: words(['once', 'event', 'daily', 'weekly', 'monthly', 'quarterly', 'yearly']),
    /** Present when subjects can be persons (natural persons or sole proprietors); says what the owner declares to have done (rule 23). */
    personal: Type.Optional(Type.Object({ consequencesNotified: Type.Boolean() }, { additionalProperties: false })),
    fields: Type.Array(Field, { minItems: 1, maxItems: 100 }),
    /** Names of the fields that tell two records of one subject apart; an import with two alike is refused. Without it, no two records may be wholly alike. */
    key: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 10, uniqueItems: true })),
    /** What models may bin of this dataset; each version then has a commitment to every subject's features besides that to its records. */
    features: Type.Optional(Type.Array(FeatureForm, { minItems: 1, maxItems: maxFeatures })),
  },
  { additionalProperties: false },
);

export { Schema as DatasetSchemaForm };
export type FieldSchema = Static<typeof Field>;
export type DatasetSchema = Static<typeof Schema>;
export type SchemaFault = { readonly path: string; readonly code: ErrorCode; readonly reason: string };

/** What stands on chain for a schema: SHA-256 of its canonical JSON. */
export const schemaHash = (schema: DatasetSchema): Hex => sha256Hex(canonicalJson(schema as JsonValue));

/** What a model's part names as its derivation: SHA-256 of the canonical JSON of the declared features. */
export const derivationHash = (features: readonly Feature[]): Hex => sha256Hex(canonicalJson(features as readonly JsonValue[]));

export const schemaId = (schema: DatasetSchema): DatasetId => schema.id as DatasetId;

/** The field with this role, if the schema has one. */
export const fieldWithRole = (schema: DatasetSchema, role: FieldRole): FieldSchema | undefined =>
  schema.fields.find((field) => field.role === role);
