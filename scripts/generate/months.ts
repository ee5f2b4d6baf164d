import { addMonths, type CalendarDate, addDays as daysAfter } from '../../gateway/domain/calendar.ts';

/** The `count` whole months before the one that holds `today`, oldest first, as YYYY-MM. */
export const monthsBefore = (today: CalendarDate, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => addMonths(`${today.slice(0, 7)}-01`, index - count).slice(0, 7));

export const firstOf = (month: string): CalendarDate => `${month}-01`;

export const firstOfNext = (month: string): CalendarDate => addDays(`${month}-28`, 4).slice(0, 8).concat('01');

export const lastOf = (month: string): CalendarDate => addDays(firstOfNext(month), -1);

const known = new Map<string, CalendarDate>();

/** As calendar.ts has it. A sample asks for the same few thousand dates a hundred thousand times. */
export const addDays = (date: CalendarDate, days: number): CalendarDate => {
  const key = `${date}${days}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = daysAfter(date, days);
  known.set(key, made);
  return made;
};
