import { addDays, type CalendarDate } from './calendar.ts';

type Deadline = {
  readonly kinds: readonly string[];
  readonly workingDays: number;
  readonly from: CalendarDate;
  readonly until: CalendarDate | undefined;
};

/** 双公示: penalties and permits are to be passed on within seven working days of the decision (rule 34). A change is a new row with its dates. */
const deadlines: readonly Deadline[] = [{ kinds: ['penalty', 'permit'], workingDays: 7, from: '2015-12-01', until: undefined }];

/** Mondays to Fridays after `from` up to and including `to`. Public holidays are announced year by year and not known here, so a delay over a holiday may be flagged that was none. */
export const weekdaysAfter = (from: CalendarDate, to: CalendarDate, atMost: number): number => {
  let count = 0;
  for (let day = addDays(from, 1); day <= to && count < atMost; day = addDays(day, 1)) {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    if (weekday !== 0 && weekday !== 6) count += 1;
  }
  return count;
};

/** Whether a record of this kind reached the source unit's data (`asOf`) later than its rule allows, by the rule in force on the day of the decision. */
export const publishedLate = (kind: string, decidedOn: CalendarDate, asOf: CalendarDate): boolean => {
  const rule = deadlines.find(
    ({ kinds, from, until }) => kinds.includes(kind) && from <= decidedOn && (until === undefined || decidedOn < until),
  );
  return rule !== undefined && weekdaysAfter(decidedOn, asOf, rule.workingDays + 1) > rule.workingDays;
};
