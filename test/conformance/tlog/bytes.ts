/** What the other files of this folder need to know of bytes. Nothing here or beside it imports gateway/: it is a second reading of the same specifications. */

/** A log, note or proof that does not hold. */
export class Untrusted extends Error {}

export const concat = (...parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

export const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, at) => byte === b[at]);

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** RFC 4648 §4, strict: padding in full, unused bits zero (§3.5), nothing else in between. */
export const decodeBase64 = (text: string): Uint8Array => {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const digits = [...text.slice(0, text.length - padding)].map((character) => alphabet.indexOf(character));
  if (text.length % 4 !== 0 || digits.includes(-1)) throw new Untrusted(`not base64: ${text}`);
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const digit of digits) {
    bits = (bits << 6) | digit;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push((bits >> held) & 0xff);
    bits &= (1 << held) - 1;
  }
  if (bits !== 0 || held !== padding * 2) throw new Untrusted(`not base64: ${text}`);
  return Uint8Array.from(bytes);
};
