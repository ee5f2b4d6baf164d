import type { Namespace, NamespaceRange, NamespaceWrite } from '../../gateway/ports/namespace.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

/** A Namespace in memory; hex keeps the order of unsigned bytes. */
export const memoryNamespace = (): Namespace => {
  const entries = new Map<string, Uint8Array>();
  return {
    get: async (key: Uint8Array) => entries.get(hex(key))?.slice(),
    async *range(range: NamespaceRange = {}) {
      const from = range.gte === undefined ? '' : hex(range.gte);
      const inside = [...entries].filter(([key]) => key >= from && (range.lt === undefined || key < hex(range.lt)));
      inside.sort(([a], [b]) => (a < b ? -1 : 1));
      if (range.reverse === true) inside.reverse();
      for (const [key, value] of inside.slice(0, range.limit ?? inside.length)) yield [bytes(key), value.slice()] as const;
    },
    write: async (operations: readonly NamespaceWrite[]) => {
      for (const operation of operations) {
        if (operation.type === 'put') entries.set(hex(operation.key), operation.value.slice());
        else entries.delete(hex(operation.key));
      }
    },
  };
};
