import type { DocumentBucket, DocumentStore } from '../../gateway/ports/document-store.ts';

/** A DocumentStore in memory. Holds text, so that nobody shares an object with it; sorts by the bytes of UTF-8, as the real one does. */
export const memoryDocumentStore = (): DocumentStore => {
  const buckets = new Map<DocumentBucket, Map<string, string>>();
  const bucketOf = (bucket: DocumentBucket): Map<string, string> => {
    const present = buckets.get(bucket) ?? new Map<string, string>();
    buckets.set(bucket, present);
    return present;
  };
  const before = (a: string, b: string): boolean => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
  return {
    get: async <T>(bucket: DocumentBucket, key: string) => {
      const text = bucketOf(bucket).get(key);
      return text === undefined ? undefined : (JSON.parse(text) as T);
    },
    put: async (bucket, key, value) => {
      const text = JSON.stringify(value) as string | undefined;
      if (text === undefined) throw new TypeError('A document must be a JSON value.');
      bucketOf(bucket).set(key, text);
    },
    remove: async (bucket, key) => {
      bucketOf(bucket).delete(key);
    },
    list: async function* <T>(bucket: DocumentBucket, { from, to, limit }: { from?: string; to?: string; limit?: number } = {}) {
      const inside = [...bucketOf(bucket)].filter(
        ([key]) => (from === undefined || !before(key, from)) && (to === undefined || before(key, to)),
      );
      inside.sort(([a], [b]) => (before(a, b) ? -1 : 1));
      for (const [key, text] of inside.slice(0, limit ?? inside.length)) yield [key, JSON.parse(text) as T] as const;
    },
  };
};
