import { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { ok, type Result, refuse } from '../../domain/result.ts';

export const ndjsonType = 'application/x-ndjson';

/** One JSON document a line, made as the receiver takes it; ending the response early ends the source. */
export const ndjsonStream = <T>(values: AsyncIterable<T>): Readable => {
  async function* lines() {
    for await (const value of values) yield `${JSON.stringify(value)}\n`;
  }
  return Readable.from(lines());
};

/** The lines of a stream as JSON. A line that is no JSON is refused by itself; one longer than `mostBytes` ends the reading, since nothing says where the next begins. */
export async function* readNdjson(source: AsyncIterable<Uint8Array | string>, mostBytes: number): AsyncGenerator<Result<unknown>> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of source) {
    const lines = (rest + (typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk)))).split('\n');
    rest = lines.pop() as string;
    for (const line of lines) if (line.trim() !== '') yield parseLine(line);
    if (rest.length > mostBytes) {
      yield refuse('BODY_TOO_LARGE', { limit: mostBytes });
      return;
    }
  }
  rest += decoder.end();
  if (rest.trim() !== '') yield parseLine(rest);
}

const parseLine = (line: string): Result<unknown> => {
  try {
    return ok(JSON.parse(line));
  } catch {
    return refuse('INPUT_INVALID', { reason: 'not JSON' });
  }
};
