import { stripVTControlCharacters } from 'node:util';

/** Columns a terminal gives a character: Chinese and full-width ones take two (Unicode East Asian Width W and F). */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/g;
const widthOf = (text: string): number => stripVTControlCharacters(text).length + (text.match(wide)?.length ?? 0);

/** Left-aligned columns two spaces apart; the last is never padded. */
export const alignTable = (head: readonly string[], rows: readonly (readonly string[])[], bold: (text: string) => string): string => {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => widthOf(row[column] ?? ''))));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))).join('  ');
  return [line(head.map(bold)), ...rows.map(line)].join('\n');
};

/** `name  value` lines. */
export const alignPairs = (pairs: readonly (readonly [string, string])[], bold: (text: string) => string): string => {
  const width = Math.max(...pairs.map(([name]) => widthOf(name)));
  return pairs.map(([name, value]) => `${bold(name)}${' '.repeat(width - widthOf(name))}  ${value}`).join('\n');
};

/** First and last characters of a long hex id. */
export const shortHex = (text: string): string => (text.length > 20 ? `${text.slice(0, 10)}…${text.slice(-6)}` : text);

/** Whether `typed` means this id: its first digits, or the short form that `shortHex` shows, as it is copied out of a table. */
export const meansId = (id: string, typed: string): boolean => {
  const [first = '', last = ''] = typed.toLowerCase().split('…', 2);
  return first !== '' && id.startsWith(first) && id.endsWith(last);
};

export const showTime = (seconds: number): string =>
  seconds === 0 ? '-' : `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')}Z`;

/** 分 as 元 with two decimals. */
export const showFen = (fen: string): string => {
  const digits = fen.padStart(3, '0');
  return `¥${digits.slice(0, -2)}.${digits.slice(-2)}`;
};
