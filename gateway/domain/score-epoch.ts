import { chinaDate, startOfDay } from './calendar.ts';

/** The calendar month in China that data as of this moment describe, as its first second: all contributions to a session are of one such month (design.md §7). */
export const epochOf = (asOf: number): number => startOfDay(`${chinaDate(asOf).slice(0, 7)}-01`);
