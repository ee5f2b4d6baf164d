import { addDays, addMonths, type CalendarDate } from '../../gateway/domain/calendar.ts';

/** The `count` whole months before the one that holds `today`, oldest first, as YYYY-MM. */
export const monthsBefore = (today: CalendarDate, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => addMonths(`${today.slice(0, 7)}-01`, index - count).slice(0, 7));

export const firstOf = (month: string): CalendarDate => `${month}-01`;

export const lastOf = (month: string): CalendarDate => addDays(addMonths(firstOf(month), 1), -1);
