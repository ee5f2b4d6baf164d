/** Big-endian unsigned integers, so that the order of bytes is the order of numbers. */
export const u8 = (value: number): Buffer => Buffer.of(value);

export const u32 = (value: number): Buffer => {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** Eight bytes on disk, up to 2^53 - 1 in use: the exact integers of a number. */
export const u64 = (value: number): Buffer => {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeUInt32BE(Math.floor(value / 2 ** 32), 0);
  bytes.writeUInt32BE(value >>> 0, 4);
  return bytes;
};

export const readU64 = (bytes: Buffer, offset = 0): number => bytes.readUInt32BE(offset) * 2 ** 32 + bytes.readUInt32BE(offset + 4);

export const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');

/** The first key after all keys that begin with these bytes. Keys here begin with a bucket byte below 255, so one always exists. */
export const afterPrefix = (prefix: Buffer): Buffer => {
  let end = prefix.length;
  while (prefix[end - 1] === 255) end -= 1;
  const after = Buffer.from(prefix.subarray(0, end));
  after[end - 1] = (after[end - 1] as number) + 1;
  return after;
};
