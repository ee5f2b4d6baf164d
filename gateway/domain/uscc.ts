import type { Result } from './result.ts';
import { ok, refuse } from './result.ts';

/** A unified social credit code (统一社会信用代码, GB 32100-2015) taken apart. */
export type Uscc = {
  readonly code: string;
  readonly department: string;
  readonly category: string;
  /** Never held against GB/T 2260: real Xixian registrations use 611104 and 611105, which that table lacks. */
  readonly region: string;
  readonly organisationCode: string;
  /** False is a warning only: the organisation code's own check character (GB 11714) does not fit. */
  readonly innerCheckFits: boolean;
};

// GB 32100-2015: digits and letters without I, O, S, V, Z; the value of a character is its index.
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const weights = Array.from({ length: 17 }, (_, place) => Number(3n ** BigInt(place) % 31n));
const organisationWeights = [3, 7, 9, 10, 5, 8, 4, 2];
const shape = /^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$/;

/** Trims, turns full-width characters into half-width ones and makes letters upper case, before any check. */
export const normaliseCode = (text: string): string =>
  text
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .trim()
    .toUpperCase();

/** The check character (18th) of the first 17 characters. Throws RangeError for characters outside the alphabet. */
export const checkCharacter = (first17: string): string => {
  if (first17.length !== 17) throw new RangeError('a USCC has 17 characters before its check character');
  const sum = weights.reduce((total, weight, place) => {
    const value = alphabet.indexOf(first17[place]!);
    if (value < 0) throw new RangeError(`'${first17[place]}' is not in the alphabet of GB 32100`);
    return total + weight * value;
  }, 0);
  return alphabet[(31 - (sum % 31)) % 31]!;
};

export const withCheckCharacter = (first17: string): string => first17 + checkCharacter(first17);

/** The 9th character of an organisation code (GB 11714): 11 stands for 0, 10 for X; letters count A=10 to Z=35. */
export const organisationCheckCharacter = (first8: string): string => {
  if (!/^[0-9A-Z]{8}$/.test(first8)) throw new RangeError('an organisation code has 8 characters before its check character');
  const sum = organisationWeights.reduce((total, weight, place) => total + weight * Number.parseInt(first8[place]!, 36), 0);
  const check = 11 - (sum % 11);
  return check === 10 ? 'X' : check === 11 ? '0' : String(check);
};

/** Refuses with USCC_LENGTH, USCC_CHARACTER or USCC_CHECK. */
export const parseUscc = (text: string): Result<Uscc> => {
  const code = normaliseCode(text);
  if (code.length !== 18) return refuse('USCC_LENGTH', { length: code.length });
  if (!shape.test(code)) return refuse('USCC_CHARACTER');
  if (checkCharacter(code.slice(0, 17)) !== code[17]) return refuse('USCC_CHECK');
  const organisationCode = code.slice(8, 17);
  return ok({
    code,
    department: code[0]!,
    category: code[1]!,
    region: code.slice(2, 8),
    organisationCode,
    innerCheckFits: organisationCheckCharacter(organisationCode.slice(0, 8)) === organisationCode[8],
  });
};
