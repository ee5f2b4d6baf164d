/** A calendar date, `YYYY-MM-DD`. Dates of records and rules are dates in China (UTC+8, no daylight saving since 1991). Sorts as text. */
export type CalendarDate = string;

const chinaOffsetSeconds = 8 * 3600;
const shape = /^(\d{4})-(\d{2})-(\d{2})$/;

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

const format = (year: number, month: number, day: number): CalendarDate =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

/** True for a date that exists, from the year 1000 on. */
export const isCalendarDate = (text: string): text is CalendarDate => {
  const parts = shape.exec(text);
  if (parts === null) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  return year >= 1000 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
};

/** The date in China at a moment (seconds since the epoch, such as a block's time). */
export const chinaDate = (seconds: number): CalendarDate => new Date((seconds + chinaOffsetSeconds) * 1000).toISOString().slice(0, 10);

/** The moment (seconds) at which a date begins in China. */
export const startOfDay = (date: CalendarDate): number => Date.parse(`${date}T00:00:00Z`) / 1000 - chinaOffsetSeconds;

/** The same day some months on; where that month has no such day, its last day (29 February plus a year is 28 February). */
export const addMonths = (date: CalendarDate, months: number): CalendarDate => {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const count = year * 12 + (month - 1) + months;
  const [toYear, toMonth] = [Math.floor(count / 12), (count % 12) + 1];
  return format(toYear, toMonth, Math.min(day, daysIn(toYear, toMonth)));
};

export const addDays = (date: CalendarDate, days: number): CalendarDate =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
