import Type, { type Static } from 'typebox';
import { categoryLimit, codeLimit } from './scorecard-part.ts';

const name = Type.String({ pattern: '^[A-Za-z0-9.-]{1,31}$' });
const text = Type.String({ minLength: 1, maxLength: 200 });
const closed = { additionalProperties: false } as const;
const number = Type.Integer({ minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER });

/**
 * What a record must meet. `equals`: the value is one of these (a number, text or truth value; null is "absent"). The others compare numbers, dates or months with
 * a value or with another field of the same record; an absent value meets none of them.
 */
const Condition = Type.Union([
  Type.Object(
    { field: name, equals: Type.Array(Type.Union([text, number, Type.Boolean(), Type.Null()]), { minItems: 1, maxItems: 40 }) },
    closed,
  ),
  Type.Object(
    {
      field: name,
      is: Type.Union([Type.Literal('above'), Type.Literal('atLeast'), Type.Literal('below'), Type.Literal('atMost')]),
      than: Type.Union([Type.Object({ field: name }, closed), Type.Object({ value: Type.Union([number, text]) }, closed)]),
    },
    closed,
  ),
]);
const where = Type.Optional(Type.Array(Condition, { minItems: 1, maxItems: 10 }));

/**
 * How a value is derived from a subject's records. Each name carries its version: a derivation that would give another value for the same records gets another name.
 * - `count/1`: how many records meet all conditions.
 * - `sum/1`, `max/1`: of a number over the records that meet them; `max/1` of none is missing.
 * - `share/1`: of the records that meet `of`, those that also meet `where`, in thousandths, rounded down; of none it is missing.
 * - `latest/1`: the value of a field in the record that is last by `by` (and by all its values, where two are); missing without a record.
 * - `ratio/1`: the sum of one number over the sum of another, in thousandths, rounded down; missing when the second is 0.
 */
const Derivation = Type.Union([
  Type.Object({ fn: Type.Literal('count/1'), where }, closed),
  Type.Object({ fn: Type.Literal('sum/1'), field: name, where }, closed),
  Type.Object({ fn: Type.Literal('max/1'), field: name, where }, closed),
  Type.Object({ fn: Type.Literal('share/1'), where, of: where }, closed),
  Type.Object({ fn: Type.Literal('latest/1'), field: name, by: name, where }, closed),
  Type.Object({ fn: Type.Literal('ratio/1'), field: name, over: name, where }, closed),
]);

const common = { name, zh: text, en: text, derivation: Derivation };

/** A number is kept within [least, most]: what is beyond counts as the end it is beyond. Its code is value - least + 1. */
const NumericFeature = Type.Object(
  { ...common, kind: Type.Literal('numeric'), least: number, most: number, unit: Type.Optional(text) },
  closed,
);
/** A category's code is its place in `words`, from 1; any other word is missing. */
const CategoryFeature = Type.Object(
  { ...common, kind: Type.Literal('category'), words: Type.Array(text, { minItems: 1, maxItems: categoryLimit - 1, uniqueItems: true }) },
  closed,
);

export const FeatureForm = Type.Union([NumericFeature, CategoryFeature]);
/** A declared feature of a dataset: what models may bin. The list is part of the dataset's schema, and so of its hash on chain. */
export type Feature = Static<typeof FeatureForm>;
export type FeatureCondition = Static<typeof Condition>;
export type FeatureDerivation = Static<typeof Derivation>;

/** Name and suite, on chain, of a version's commitment to its features (docs/protocol/circuit.md). */
export const featuresCommitment = { name: 'features', suite: 'poseidon-bn254-4x10' } as const;

/** Greatest span of a numeric feature: its codes must stay below 2^40. */
export const mostSpan = codeLimit - 2;

/** Names of the fields that a derivation reads. */
export const fieldsRead = (derivation: FeatureDerivation): readonly string[] => {
  const ofConditions = (conditions: readonly FeatureCondition[] = []): string[] =>
    conditions.flatMap((condition) => [
      condition.field,
      ...('than' in condition && 'field' in condition.than ? [condition.than.field] : []),
    ]);
  return [
    ...('field' in derivation ? [derivation.field] : []),
    ...('by' in derivation ? [derivation.by] : []),
    ...('over' in derivation ? [derivation.over] : []),
    ...ofConditions(derivation.where),
    ...('of' in derivation ? ofConditions(derivation.of) : []),
  ];
};
