import type { ErrorCode } from '../domain/errors.ts';

/** One row as it stands in the file; `line` is where it begins, the header's being 1. */
export type CsvRow = { readonly line: number; readonly cells: readonly string[] };
/** The file can't be read on from this line: IMPORT_SYNTAX or IMPORT_ENCODING. Always the last item. */
export type CsvBreak = { readonly line: number; readonly broken: ErrorCode };

/** Reads RFC 4180 CSV in UTF-8, with or without a byte order mark, as it comes; blank lines are passed over. */
export type CsvReader = (file: AsyncIterable<Uint8Array>) => AsyncIterable<CsvRow | CsvBreak>;
