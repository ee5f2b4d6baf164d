const units = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** Seconds of a duration as a person writes it: 90s, 30m, 2h, 7d. Throws RangeError. */
export function seconds(text: string): number {
  const [, amount, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (amount === undefined) throw new RangeError(`${text} is no duration such as 90s, 30m, 2h or 7d`);
  return Number(amount) * units[unit as keyof typeof units];
}

/** The largest unit that leaves at least two of it, so that nothing is rounded away: 90 min, 2 h, 7 d. */
export function shownDuration(length: number): string {
  if (length >= 2 * units.d) return `${Math.floor(length / units.d)} d`;
  if (length >= 2 * units.h) return `${Math.floor(length / units.h)} h`;
  return length >= 2 * units.m ? `${Math.floor(length / units.m)} min` : `${length} s`;
}
