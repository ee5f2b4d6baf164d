import { addMonths, type CalendarDate } from './calendar.ts';
import type { FieldValue } from './field-value.ts';

/** Longest publicity in months, counted from the date of the decision; `until` is the first day without the rule. */
export type PublicityRule = {
  readonly source: string;
  readonly from: CalendarDate;
  readonly until: CalendarDate | undefined;
  /** By severity: the values of a field with the role `severity`. */
  readonly bySeverity: Readonly<Record<string, number>>;
  /** By kind of penalty (role `penaltyKind`); the entry `*` is for every other kind. */
  readonly byKind: Readonly<Record<string, number>>;
};

/** A change is a new row with its dates. */
export const publicityRules: readonly PublicityRule[] = [
  {
    source: '市场监督管理行政处罚信息公示规定（总局令第45号）',
    from: '2021-09-01',
    until: '2026-04-01',
    bySeverity: {},
    byKind: { criticism: 3, '*': 36 },
  },
  {
    source: '信用修复管理办法（发展改革委令第36号）',
    from: '2026-04-01',
    until: undefined,
    bySeverity: { minor: 3, general: 12, serious: 36 },
    byKind: {},
  },
];

/** Kinds of penalty that are never published (总局令第45号: a warning alone). */
const neverPublished: readonly { readonly kind: string; readonly from: CalendarDate; readonly until: CalendarDate | undefined }[] = [
  { kind: 'warning', from: '2021-09-01', until: undefined },
];

const holds = (row: { readonly from: CalendarDate; readonly until: CalendarDate | undefined }, today: CalendarDate): boolean =>
  row.from <= today && (row.until === undefined || today < row.until);

export const ruleInForce = (today: CalendarDate, rules: readonly PublicityRule[] = publicityRules): PublicityRule | undefined =>
  rules.find((rule) => holds(rule, today));

export const unpublishedKinds = (today: CalendarDate): readonly string[] =>
  neverPublished.filter((row) => holds(row, today)).map((row) => row.kind);

/** First day on which a decision of this date is no longer published; undefined when the rule sets no end. */
export const publicityEnds = (
  rule: PublicityRule,
  decidedOn: CalendarDate,
  severity: FieldValue,
  kind: FieldValue,
): CalendarDate | undefined => {
  const months = rule.bySeverity[String(severity)] ?? (kind === null ? undefined : (rule.byKind[String(kind)] ?? rule.byKind['*']));
  return months === undefined ? undefined : addMonths(decidedOn, months);
};
