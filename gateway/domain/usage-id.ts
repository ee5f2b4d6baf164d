import type { UsageId } from './ids.ts';

/** A UUID version 4 (RFC 9562 §5.4) of 16 random bytes. */
export const usageIdFrom = (bytes: Uint8Array): UsageId => {
  if (bytes.length !== 16) throw new RangeError('a usage id is made from 16 random bytes');
  const hex = Buffer.from(bytes);
  hex[6] = ((hex[6] as number) & 0x0f) | 0x40;
  hex[8] = ((hex[8] as number) & 0x3f) | 0x80;
  return hex.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') as UsageId;
};
