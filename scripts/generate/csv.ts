export type Cell = string | number | boolean | undefined;
export type Row = Readonly<Record<string, Cell>>;

const quoted = (cell: Cell): string => {
  if (cell === undefined) return '';
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** RFC 4180 with a header of field names; an absent value is an empty cell. */
export const csvText = (columns: readonly string[], rows: readonly Row[]): string =>
  `${[columns.join(','), ...rows.map((row) => columns.map((column) => quoted(row[column])).join(','))].join('\r\n')}\r\n`;
