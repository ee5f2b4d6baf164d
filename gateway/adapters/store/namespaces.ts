import type { Namespace, NamespaceRange, NamespaceWrite } from '../../ports/namespace.ts';
import { buckets, type NamespaceName } from './buckets.ts';
import type { Writer } from './writer.ts';

/** ports/namespace.ts over the shared writer: the bucket's byte before every key. */
export const namespaceOf = (writer: Writer, name: NamespaceName): Namespace => {
  const bucket = buckets[name];
  const keyOf = (key: Uint8Array): Buffer => {
    const full = Buffer.allocUnsafe(key.length + 1);
    full[0] = bucket;
    full.set(key, 1);
    return full;
  };
  return {
    get: async (key: Uint8Array) => (await writer.reader()).get(keyOf(key)),
    range: async function* ({ gte, lt, reverse, limit }: NamespaceRange = {}) {
      const database = await writer.reader();
      const bounds = { gte: keyOf(gte ?? Buffer.alloc(0)), lt: lt === undefined ? Buffer.of(bucket + 1) : keyOf(lt) };
      for await (const [key, value] of database.range({ ...bounds, reverse: reverse === true, limit: limit ?? -1 })) {
        yield [key.subarray(1), value] as const;
      }
    },
    write: async (operations: readonly NamespaceWrite[]) => {
      await writer.submit((transaction) => {
        for (const operation of operations) {
          if (operation.type === 'put') transaction.put(keyOf(operation.key), operation.value);
          else transaction.delete(keyOf(operation.key));
        }
      });
    },
  };
};
