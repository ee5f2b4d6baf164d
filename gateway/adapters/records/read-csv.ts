import { CsvError, type Parser, parse } from 'csv-parse';
import type { CsvReader, CsvRow } from '../../ports/csv-reader.ts';

const longestRow = 1 << 20;

/** Resolves when the parser has taken the text and called back for every row that it completes. */
const write = (parser: Parser, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    parser.write(text, (error) => (error ? reject(error) : resolve()));
  });

const end = (parser: Parser): Promise<void> =>
  new Promise((resolve, reject) => {
    parser.once('error', reject).once('end', resolve).resume();
    parser.end();
  });

const lineBreaks = (text: string): number => text.split(/\r\n|\n|\r/).length - 1;

const linesBeforeDamage = (bytes: Uint8Array): number => lineBreaks(new TextDecoder().decode(bytes).split('\ufffd')[0]!);

/** Rows are taken from the parser's call-back, not from its stream: rows before a broken one come out too, and the stream's cost by row falls away. */
export const readCsv: CsvReader = async function* (file) {
  // UTF-8 that isn't is refused, not read as replacement characters; a byte order mark is dropped.
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rows: CsvRow[] = [];
  let line = 1;
  let decodedLines = 1;
  let chunk: Uint8Array = new Uint8Array();
  const parser = parse({
    relax_column_count: true,
    max_record_size: longestRow,
    record_delimiter: ['\r\n', '\n', '\r'],
    on_record: (cells: readonly string[], { lines }) => {
      if (cells.length > 1 || cells[0] !== '') rows.push({ line, cells });
      line = lines + 1;
      return null;
    },
  });
  // Errors come back from `write` and `end` as well; unheard, the event would end the process.
  parser.on('error', () => {});
  try {
    for await (const bytes of file) {
      chunk = bytes;
      const text = decoder.decode(bytes, { stream: true });
      decodedLines += lineBreaks(text);
      await write(parser, text);
      yield* rows;
      rows = [];
    }
    await write(parser, decoder.decode());
    await end(parser);
    yield* rows;
  } catch (error) {
    yield* rows;
    if (error instanceof CsvError) yield { line, broken: 'IMPORT_SYNTAX' };
    else if (isDecodingError(error)) yield { line: decodedLines + linesBeforeDamage(chunk), broken: 'IMPORT_ENCODING' };
    else throw error;
  } finally {
    parser.destroy();
  }
};

const isDecodingError = (error: unknown): boolean =>
  error instanceof TypeError && (error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
