import type { Arena } from './arena.ts';

/** Most entries in one record: a few large records cost the store far less than many small ones, and one entry is still read without much around it. */
export const packWidth = 16;

/** Where the pack begins that holds an entry of a group: packs end with their group and at every multiple of their width. */
export const packStart = (index: number, groupStart: number): number => Math.max(groupStart, index - (index % packWidth));

// Record: count u8, the end of each item u32 (from the first item's begin), the items.
const headLength = (count: number): number => 1 + 4 * count;

/** An item, in parts that lie one behind the other in the record. */
export type Parts = readonly Uint8Array[];
const lengthOf = (parts: Parts): number => parts.reduce((sum, part) => sum + part.length, 0);

export const pack = (items: readonly Parts[], arena: Arena): Buffer => {
  const start = headLength(items.length);
  const record = arena.take(items.reduce((sum, parts) => sum + lengthOf(parts), start));
  record[0] = items.length;
  let at = start;
  for (const [place, parts] of items.entries()) {
    for (const part of parts) {
      record.set(part, at);
      at += part.length;
    }
    record.writeUInt32BE(at - start, 1 + 4 * place);
  }
  return record;
};

/** How many items a record says it holds. */
export const packed = (record: Buffer): number => record[0] ?? 0;

/** One item out of a record; undefined where the record has none there or is damaged. */
export const unpack = (record: Buffer, place: number): Buffer | undefined => {
  const count = packed(record);
  if (place < 0 || place >= count || record.length < headLength(count)) return undefined;
  const start = headLength(count);
  const from = place === 0 ? 0 : record.readUInt32BE(1 + 4 * (place - 1));
  const to = record.readUInt32BE(1 + 4 * place);
  return from <= to && start + to <= record.length ? record.subarray(start + from, start + to) : undefined;
};
