import type { CalendarDate } from './calendar.ts';
import { isPersonal, type SubjectRef } from './subject.ts';

/** How many reports on itself a person gets free of charge in one calendar year; `until` is the first day without the rule. */
export type FreeReports = {
  readonly source: string;
  readonly from: CalendarDate;
  readonly until: CalendarDate | undefined;
  readonly perYear: number;
};

/** Rule 25. A change is a new row with its dates. */
export const freeReports: readonly FreeReports[] = [{ source: '征信业管理条例第十七条', from: '2013-03-15', until: undefined, perYear: 2 }];

/** The rule for this subject on this day; undefined for who is no person in the sense of the rules on personal information, and where there is no rule. */
export const freeReportsFor = (
  subject: SubjectRef,
  today: CalendarDate,
  table: readonly FreeReports[] = freeReports,
): FreeReports | undefined =>
  isPersonal(subject) ? table.find(({ from, until }) => from <= today && (until === undefined || today < until)) : undefined;
