import { XinshuError } from '../../domain/errors.ts';
import { type DocumentBucket, type DocumentStore, documentBuckets } from '../../ports/document-store.ts';
import { buckets } from './buckets.ts';
import { afterPrefix, utf8 } from './bytes.ts';
import type { Writer } from './writer.ts';

const prefixOf = (bucket: DocumentBucket): Buffer => Buffer.of(buckets.document, documentBuckets[bucket]);
const keyOf = (bucket: DocumentBucket, name: string): Buffer => Buffer.concat([prefixOf(bucket), utf8(name)]);

const parse = <T>(bytes: Buffer, bucket: DocumentBucket): T => {
  try {
    return JSON.parse(bytes.toString('utf8')) as T;
  } catch {
    // Without its cause: the text of the syntax error would show a piece of the document, which may name a person.
    throw new XinshuError('STORE_CORRUPT', { part: 'document', bucket });
  }
};

const serialize = (value: unknown): Buffer => {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError('A document must be a JSON value.');
  return utf8(text);
};

/** ports/document-store.ts over the shared writer. Documents of one turn of the event loop share one group commit. */
export const documentStore = (writer: Writer): DocumentStore => ({
  get: async <T>(bucket: DocumentBucket, key: string) => {
    const bytes = (await writer.reader()).get(keyOf(bucket, key));
    return bytes === undefined ? undefined : parse<T>(bytes, bucket);
  },
  put: async (bucket, key, value) => {
    // Read now: the caller may change its object while the write waits.
    const bytes = serialize(value);
    await writer.submit((transaction) => transaction.put(keyOf(bucket, key), bytes));
  },
  remove: async (bucket, key) => {
    await writer.submit((transaction) => transaction.delete(keyOf(bucket, key)));
  },
  list: async function* <T>(bucket: DocumentBucket, range: { from?: string; to?: string; limit?: number } = {}) {
    const database = await writer.reader();
    const prefix = prefixOf(bucket);
    const gte = range.from === undefined ? prefix : keyOf(bucket, range.from);
    const lt = range.to === undefined ? afterPrefix(prefix) : keyOf(bucket, range.to);
    const limit = range.limit === undefined ? {} : { limit: range.limit };
    for await (const [key, value] of database.range({ gte, lt, ...limit })) {
      yield [key.toString('utf8', prefix.length), parse<T>(value, bucket)] as const;
    }
  },
});
