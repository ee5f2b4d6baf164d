import { CsvError, type Parser, parse } from 'csv-parse';
import type { CsvReader, CsvRow } from '../../ports/csv-reader.ts';

const longestRow = 1 << 20;
/** What a decoder puts for bytes that are not UTF-8. In a file as such it is the trace of an earlier such accident, and refused alike. */
const replacement = '\ufffd';

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

async function* decoded(file: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder('utf-8');
  for await (const bytes of file) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

/** Rows are taken from the parser's call-back, not from its stream: rows before a broken one come out too, and the stream's cost by row falls away. */
export const readCsv: CsvReader = async function* (file) {
  let rows: CsvRow[] = [];
  let line = 1;
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
  let broken: 'IMPORT_SYNTAX' | 'IMPORT_ENCODING' | undefined;
  // Text behind the last line break: kept back, so that a damaged row is not read as a short one.
  let pending = '';
  try {
    for await (const text of decoded(file)) {
      pending += text;
      const damage = pending.indexOf(replacement);
      const whole = pending.slice(0, afterLastBreak(damage < 0 ? pending : pending.slice(0, damage)));
      const ready = damage < 0 && pending.length > longestRow ? pending : whole;
      await write(parser, ready);
      pending = pending.slice(ready.length);
      yield* rows;
      rows = [];
      if (damage < 0) continue;
      broken = 'IMPORT_ENCODING';
      break;
    }
    if (broken === undefined) await write(parser, pending);
    await end(parser);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    broken ??= 'IMPORT_SYNTAX';
  } finally {
    parser.destroy();
  }
  yield* rows;
  if (broken !== undefined) yield { line, broken };
};

const afterLastBreak = (text: string): number => Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
