import { addMonths, type CalendarDate } from './calendar.ts';

/** How long records of usages must be kept at least, counted from the end of the month they were made in; `until` is the first day without the rule. */
export type RetentionRule = {
  readonly source: string;
  readonly from: CalendarDate;
  readonly until: CalendarDate | undefined;
  readonly months: number;
  /** false: known from a secondary source only (domain rule 17); to be read before anyone relies on it. */
  readonly confirmed: boolean;
};

/** A change is a new row with its dates. */
export const retentionRules: readonly RetentionRule[] = [
  { source: '个人信息保护法第五十六条', from: '2021-11-01', until: undefined, months: 36, confirmed: true },
  { source: '网络数据安全管理条例（记录保存期限）', from: '2025-01-01', until: undefined, months: 36, confirmed: false },
];

export const retentionInForce = (today: CalendarDate, rules: readonly RetentionRule[] = retentionRules): readonly RetentionRule[] =>
  rules.filter(({ from, until }) => from <= today && (until === undefined || today < until));

/** First day on which records of this month (`YYYY-MM`) may be erased, by the longest of the rules in force today. */
export const erasableFrom = (month: string, today: CalendarDate, rules: readonly RetentionRule[] = retentionRules): CalendarDate => {
  const longest = Math.max(0, ...retentionInForce(today, rules).map(({ months }) => months));
  return addMonths(`${month}-01`, longest + 1);
};
