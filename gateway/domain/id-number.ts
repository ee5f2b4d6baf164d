import { isCalendarDate } from './calendar.ts';
import type { Result } from './result.ts';
import { ok, refuse } from './result.ts';
import { normaliseCode } from './uscc.ts';

// GB 11643-1999: weight of place i from the left is 2^(17-i) mod 11; the sum mod 11 picks the check character.
const weights = Array.from({ length: 17 }, (_, place) => 2 ** (17 - place) % 11);
const checks = '10X98765432';

/** The 18th character of a citizen identification number (公民身份号码, GB 11643-1999). */
export const idCheckCharacter = (first17: string): string => {
  if (!/^[0-9]{17}$/.test(first17)) throw new RangeError('an identification number has 17 digits before its check character');
  return checks[weights.reduce((sum, weight, place) => sum + weight * Number(first17[place]), 0) % 11]!;
};

/**
 * Normalises and checks shape, date of birth and check character. The 15-digit form of before 1999 is refused.
 * Refuses with ID_NUMBER_LENGTH, ID_NUMBER_CHARACTER, ID_NUMBER_DATE or ID_NUMBER_CHECK, never repeating the number.
 */
export const parseIdNumber = (text: string): Result<string> => {
  const number = normaliseCode(text);
  if (number.length !== 18) return refuse('ID_NUMBER_LENGTH', { length: number.length });
  if (!/^[0-9]{17}[0-9X]$/.test(number)) return refuse('ID_NUMBER_CHARACTER');
  const born = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  if (!isCalendarDate(born)) return refuse('ID_NUMBER_DATE');
  if (idCheckCharacter(number.slice(0, 17)) !== number[17]) return refuse('ID_NUMBER_CHECK');
  return ok(number);
};
