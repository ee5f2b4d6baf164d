import { isCalendarDate } from './calendar.ts';
import type { FieldSchema } from './dataset-schema.ts';
import type { ErrorCode } from './errors.ts';
import type { FieldValue } from './field-value.ts';
import { parseIdNumber } from './id-number.ts';
import { parseUscc } from './uscc.ts';

/** A cell in its canonical form, or why it can't stand there. */
export type Cell = { readonly value: FieldValue } | { readonly code: ErrorCode };

const longest = 4000;
const integer = /^-?(?:0|[1-9][0-9]*)$/;
const decimal = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]{1,18}))?$/;
const month = /^[0-9]{4}-(?:0[1-9]|1[0-2])$/;
// Tabs and line breaks may stand in a quoted cell; other control characters are damage.
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is control characters that are looked for
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

const whole = (text: string, code: ErrorCode): Cell => {
  const value = Number(text);
  if (!integer.test(text)) return { code };
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? { value } : { code: 'IMPORT_RANGE' };
};

/** 万元 to 分: six places, moved exactly, never through a binary fraction. */
const tenThousandYuan = (text: string): Cell => {
  const parts = decimal.exec(text);
  if (parts === null) return { code: 'IMPORT_MONEY' };
  const fraction = (parts[3] ?? '').replace(/0+$/, '');
  if (fraction.length > 6) return { code: 'IMPORT_MONEY' };
  return whole(`${parts[1]}${`${parts[2]}${fraction.padEnd(6, '0')}`.replace(/^0+(?=[0-9])/, '')}`.replace(/^-0$/, '0'), 'IMPORT_MONEY');
};

/** One number, one text: no zeros at the end, no negative zero. */
const plainDecimal = (text: string): Cell => {
  const parts = decimal.exec(text);
  if (parts === null) return { code: 'IMPORT_DECIMAL' };
  const fraction = (parts[3] ?? '').replace(/0+$/, '');
  const size = fraction === '' ? parts[2]! : `${parts[2]}.${fraction}`;
  return { value: size === '0' ? '0' : `${parts[1]}${size}` };
};

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['是', true],
  ['否', false],
]);

/** The unit in which a column of money is written when it isn't 分; the value is 分 all the same. */
export const tenThousandYuanUnit = '万元';

const parsers: Readonly<Record<FieldSchema['type'], (text: string, field: FieldSchema) => Cell>> = {
  string: (text) => (control.test(text) ? { code: 'IMPORT_CHARACTER' } : { value: text }),
  integer: (text) => whole(text, 'IMPORT_INTEGER'),
  fen: (text, field) => (field.unit === tenThousandYuanUnit ? tenThousandYuan(text) : whole(text, 'IMPORT_MONEY')),
  decimal: plainDecimal,
  date: (text) => (isCalendarDate(text) ? { value: text } : { code: 'IMPORT_DATE' }),
  month: (text) => (month.test(text) ? { value: text } : { code: 'IMPORT_MONTH' }),
  boolean: (text) => {
    const value = booleans.get(text);
    return value === undefined ? { code: 'IMPORT_BOOLEAN' } : { value };
  },
  enum: (text, field) => (field.values?.includes(text) ? { value: text } : { code: 'IMPORT_ENUM' }),
  uscc: (text) => {
    const code = parseUscc(text);
    return code.ok ? { value: code.value.code } : { code: code.refusal.code };
  },
  'id-number': (text) => {
    const number = parseIdNumber(text);
    return number.ok ? { value: number.value } : { code: number.refusal.code };
  },
};

/** Reads cells of one field. An empty cell is an absent value. */
export const cellReader = (field: FieldSchema): ((cell: string) => Cell) => {
  const parse = parsers[field.type];
  const pattern = field.pattern === undefined ? undefined : new RegExp(field.pattern, 'u');
  return (cell) => {
    const text = cell.trim();
    if (text === '') return field.required ? { code: 'IMPORT_REQUIRED' } : { value: null };
    if (text.length > longest) return { code: 'IMPORT_TOO_LONG' };
    if (pattern !== undefined && !pattern.test(text)) return { code: 'IMPORT_PATTERN' };
    return parse(text, field);
  };
};

/** What kind of text a refused cell held; never the text, which may be about a person. */
export const valueClass = (cell: string): string => {
  const text = cell.trim();
  if (text === '') return 'empty';
  if (text.length > longest) return 'too long';
  if (/^-?[0-9]+$/.test(text)) return 'whole number';
  if (/^-?[0-9][0-9,]*\.?[0-9]*$/.test(text)) return 'number';
  if (/^[0-9]{4}[-/.年][0-9]{1,2}(?:[-/.月][0-9]{1,2}日?)?$/.test(text)) return 'date';
  if (/^[0-9A-Za-z]{15,18}$/.test(text)) return 'code';
  return control.test(text) ? 'control characters' : 'text';
};
