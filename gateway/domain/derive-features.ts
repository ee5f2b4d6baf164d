import type { Feature, FeatureCondition, FeatureDerivation } from './feature.ts';
import type { FieldValue } from './field-value.ts';
import { missingCode } from './scorecard-part.ts';
import type { RecordValues } from './serving-rules.ts';

type Records = readonly RecordValues[];
/** null is missing. */
type Derived = number | string | boolean | null;

const fieldOf = (record: RecordValues, field: string): FieldValue => record[field] ?? null;
const numberIn = (record: RecordValues, field: string): number => {
  const value = fieldOf(record, field);
  return typeof value === 'number' ? value : 0;
};

/** Numbers as numbers, dates and months as text; undefined when the two can't be compared. */
const compare = (a: FieldValue, b: FieldValue): number | undefined => {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : Number(a > b);
  return undefined;
};
const holds = { above: (d: number) => d > 0, atLeast: (d: number) => d >= 0, below: (d: number) => d < 0, atMost: (d: number) => d <= 0 };

const meets = (record: RecordValues, condition: FeatureCondition): boolean => {
  const value = fieldOf(record, condition.field);
  if ('equals' in condition) return condition.equals.includes(value);
  const { than } = condition;
  const difference = compare(value, 'field' in than ? fieldOf(record, than.field) : than.value);
  return difference !== undefined && holds[condition.is](difference);
};
const meeting = (records: Records, conditions: readonly FeatureCondition[] = []): Records =>
  records.filter((record) => conditions.every((condition) => meets(record, condition)));

const sum = (records: Records, field: string): number => records.reduce((total, record) => total + numberIn(record, field), 0);
const thousandths = (part: number, whole: number): number | null => (whole === 0 ? null : Math.floor((part * 1000) / whole));

const last = (records: Records, by: string): RecordValues | undefined => {
  const order = (record: RecordValues): string => JSON.stringify(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
  return records.reduce<RecordValues | undefined>((latest, record) => {
    if (latest === undefined) return record;
    const difference = compare(fieldOf(record, by), fieldOf(latest, by)) ?? 0;
    return difference > 0 || (difference === 0 && order(record) > order(latest)) ? record : latest;
  }, undefined);
};

const derive = (derivation: FeatureDerivation, records: Records): Derived => {
  const met = meeting(records, derivation.where);
  switch (derivation.fn) {
    case 'count/1':
      return met.length;
    case 'sum/1':
      return sum(met, derivation.field);
    case 'max/1':
      return met.length === 0 ? null : Math.max(...met.map((record) => numberIn(record, derivation.field)));
    case 'share/1':
      return thousandths(meeting(met, derivation.of).length, meeting(records, derivation.of).length);
    case 'latest/1': {
      const record = last(met, derivation.by);
      return record === undefined ? null : fieldOf(record, derivation.field);
    }
    case 'ratio/1':
      return thousandths(sum(met, derivation.field), sum(met, derivation.over));
  }
};

const encode = (feature: Feature, value: Derived): number => {
  if (feature.kind === 'category') return feature.words.indexOf(String(value)) + 1;
  if (typeof value !== 'number') return missingCode;
  return Math.min(Math.max(value, feature.least), feature.most) - feature.least + 1;
};

/**
 * A subject's feature codes, one a feature, from the records that may be used in scoring. Depends on its arguments alone, in whatever order the records come: any
 * auditor with access to them gets the same codes.
 */
export const deriveFeatures = (features: readonly Feature[], records: Records): readonly number[] =>
  features.map((feature) => encode(feature, derive(feature.derivation, records)));
