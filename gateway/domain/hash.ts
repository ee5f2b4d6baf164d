import { createHmac, createSecretKey, hash, timingSafeEqual } from 'node:crypto';
import type { Hex } from './ids.ts';

/** SHA-256 (FIPS 180-4) of bytes, or of a string's UTF-8. By way of a binary string: Node makes that in half the time of a buffer. */
export const sha256 = (data: Uint8Array | string): Uint8Array => Buffer.from(hash('sha256', data, 'binary'), 'binary');

/** Writes the SHA-256 of bytes into `target`: for hashing by millions, where a buffer for each would be most of the work. */
export const sha256Into = (target: Buffer, offset: number, data: Uint8Array): void => {
  target.write(hash('sha256', data, 'binary'), offset, 'binary');
};

/** SHAKE256 (FIPS 202), `length` bytes of output. */
export const shake256 = (data: Uint8Array, length: number): Uint8Array =>
  Buffer.from(hash('shake256', data, { outputEncoding: 'binary', outputLength: length }), 'binary');

/** SHA-256 as 0x-prefixed lower-case hex. */
export const sha256Hex = (data: Uint8Array | string): Hex => `0x${hash('sha256', data, 'hex')}`;

/** HMAC-SHA-256 (RFC 2104). By a key object: with the key as bytes Node takes eight times as long. */
export const hmacSha256 = (key: Uint8Array, data: Uint8Array | string): Uint8Array =>
  createHmac('sha256', createSecretKey(key)).update(data).digest();

export const toHex = (bytes: Uint8Array): Hex => `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;

/** Bytes of a 0x-prefixed hex string. Throws RangeError on anything else: check outside input before. */
export const fromHex = (hex: string): Uint8Array => {
  // Node stops at the first pair that is no hex.
  const bytes = hex.startsWith('0x') ? Buffer.from(hex.slice(2), 'hex') : undefined;
  if (bytes === undefined || 2 + 2 * bytes.length !== hex.length) throw new RangeError('not 0x-prefixed hex of whole bytes');
  return bytes;
};

export const toBase64url = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');

/** Bytes of unpadded base64url (RFC 4648 §5), undefined when it isn't the one canonical spelling of them. */
export const fromBase64url = (text: string): Uint8Array | undefined => {
  // Node skips what is no base64url, and takes base64's own + and / too: none of that comes out again as it went in.
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
};

/** Padded base64 (RFC 4648 §4). */
export const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

/** Bytes of padded base64, undefined when it isn't the one canonical spelling of them. */
export const fromBase64 = (text: string): Uint8Array | undefined => {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
};

/** Equality in constant time for equal lengths. */
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);
