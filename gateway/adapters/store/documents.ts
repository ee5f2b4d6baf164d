import { XinshuError } from '../../domain/errors.ts';
import type { Randomness } from '../../ports/clock.ts';
import { type DocumentBucket, type DocumentStore, documentBuckets } from '../../ports/document-store.ts';
import { buckets } from './buckets.ts';
import { afterPrefix, utf8 } from './bytes.ts';
import { type OpeningKeys, openingKeyName } from './opening-keys.ts';
import { openUnder, sealUnder } from './seal.ts';
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

/** Before a sealed document; JSON never begins with it. */
const sealedMark = 0;

/** ports/document-store.ts over the shared writer. Documents of one turn of the event loop share one group commit. */
export const documentStore = (writer: Writer, openingKeys: OpeningKeys, randomness: Randomness): DocumentStore => {
  const read = <T>(at: Buffer, stored: Buffer, bucket: DocumentBucket): T | undefined => {
    if (stored[0] !== sealedMark) return parse<T>(stored, bucket);
    const opened = openUnder(openingKeys, at, stored.subarray(1), 'document');
    return opened === undefined ? undefined : parse<T>(opened, bucket);
  };
  return {
    get: async <T>(bucket: DocumentBucket, key: string) => {
      const at = keyOf(bucket, key);
      const stored = (await writer.reader()).get(at);
      return stored === undefined ? undefined : read<T>(at, stored, bucket);
    },
    put: async (bucket, key, value, scope) => {
      const at = keyOf(bucket, key);
      // Read now: the caller may change its object while the write waits.
      const bytes = serialize(value);
      await writer.submit((transaction) => {
        if (scope === undefined) return transaction.put(at, bytes);
        const sealed = sealUnder(openingKeys, openingKeyName(scope.time, scope.consent), at, bytes, randomness);
        transaction.put(at, Buffer.concat([Buffer.of(sealedMark), sealed]));
      });
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
      for await (const [at, stored] of database.range({ gte, lt, ...limit })) {
        const value = read<T>(at, stored, bucket);
        if (value !== undefined) yield [at.toString('utf8', prefix.length), value] as const;
      }
    },
  };
};
