import { addMonths, type CalendarDate } from './calendar.ts';
import { type DatasetSchema, type FieldRole, fieldWithRole } from './dataset-schema.ts';
import type { FieldValue } from './field-value.ts';
import { type PublicityRule, publicityEnds, publicityRules, ruleInForce, unpublishedKinds } from './publicity.ts';
import { isPersonal, type SubjectRef } from './subject.ts';
import type { Operation } from './vocabulary.ts';

/** Why a record or a field travels as a hash only. Stands in the payload, so the list is append-only. */
export const withholdingReasons = ['not-authorized', 'period-ended', 'not-public', 'lenient'] as const;
export type WithholdingReason = (typeof withholdingReasons)[number];

export type RecordValues = Readonly<Record<string, FieldValue>>;

/** `today` is the date in China of the deciding block; `fields` the authorized ones. */
export type Serving = {
  readonly subject: SubjectRef;
  readonly today: CalendarDate;
  readonly operation: Operation;
  readonly fields: readonly string[];
};
/** One record: the fields that leave, or why none does. */
export type ServingDecision = { readonly fields: readonly string[] } | { readonly withheld: WithholdingReason };

/** 征信业管理条例 art. 16: adverse information on persons is kept five years from the end of the act or event. */
const personalRetentionMonths = 60;
const personalRetentionFrom: CalendarDate = '2013-03-15';

type Read = (role: FieldRole) => FieldValue;

const reader =
  (schema: DatasetSchema, record: RecordValues): Read =>
  (role) => {
    const field = fieldWithRole(schema, role);
    return field === undefined ? null : (record[field.name] ?? null);
  };

const dateOf = (value: FieldValue): CalendarDate | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const isSet = (value: FieldValue): boolean => value !== null && value !== false && value !== '' && value !== 0;

const isAdverse = (schema: DatasetSchema, read: Read): boolean =>
  fieldWithRole(schema, 'adverse') === undefined ? fieldWithRole(schema, 'eventEnd') !== undefined : isSet(read('adverse'));

/** Rules 18 and 19: counted from the end of the event; an event that has not ended never expires. */
const personalPeriodEnded = (schema: DatasetSchema, read: Read, serving: Serving): boolean => {
  if (serving.today < personalRetentionFrom || !isPersonal(serving.subject) || !isAdverse(schema, read)) return false;
  const end = dateOf(read('eventEnd'));
  return end !== undefined && addMonths(end, personalRetentionMonths) <= serving.today;
};

/** Rules 20 and 30: the date the record itself states, or the longest publicity of its severity, whichever is first. */
const publicityEnded = (read: Read, today: CalendarDate, rules: readonly PublicityRule[]): boolean => {
  const stated = dateOf(read('publicUntil'));
  if (stated !== undefined && stated <= today) return true;
  const decidedOn = dateOf(read('decidedOn'));
  const rule = ruleInForce(today, rules);
  if (decidedOn === undefined || rule === undefined) return false;
  const end = publicityEnds(rule, decidedOn, read('severity'), read('penaltyKind'));
  return end !== undefined && end <= today;
};

/** Rule 33 and publicity that has not begun. */
const isUnpublished = (read: Read, today: CalendarDate): boolean => {
  const from = dateOf(read('publicFrom'));
  return (from !== undefined && today < from) || unpublishedKinds(today).includes(String(read('penaltyKind')));
};

const decide = (
  schema: DatasetSchema,
  record: RecordValues,
  serving: Serving,
  rules: readonly PublicityRule[],
  shown: ServingDecision,
): ServingDecision => {
  const read = reader(schema, record);
  if (personalPeriodEnded(schema, read, serving) || publicityEnded(read, serving.today, rules)) return { withheld: 'period-ended' };
  if (isUnpublished(read, serving.today)) return { withheld: 'not-public' };
  // Rule 36: what the source marked as force majeure, slight or unintended is left out of scoring; elsewhere it is served with its mark.
  if (serving.operation === 'score' && isSet(read('leniency'))) return { withheld: 'lenient' };
  return shown;
};

/** Rule 21: the subject's statement goes wherever the record goes, in the schema's order. */
const companions = (schema: DatasetSchema, fields: readonly string[]): readonly string[] =>
  schema.fields.filter((field) => fields.includes(field.name) || field.role === 'statement').map((field) => field.name);

/**
 * Which records leave and with which fields, one decision a record in the same order (rules 18 to 21, 30, 33, 36). Depends on its arguments alone: replaying an
 * old day gives that day's answer.
 */
export const serve = (
  schema: DatasetSchema,
  records: readonly RecordValues[],
  serving: Serving,
  rules: readonly PublicityRule[] = publicityRules,
): readonly ServingDecision[] => {
  const shown: ServingDecision = { fields: companions(schema, serving.fields) };
  return records.map((record) => decide(schema, record, serving, rules, shown));
};
