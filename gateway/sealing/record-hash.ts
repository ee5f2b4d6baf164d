import { canonicalJson } from '../domain/canonical.ts';
import type { FieldValue } from '../domain/field-value.ts';
import { hmacSha256, sha256, sha256Into, shake256 } from '../domain/hash.ts';
import type { SubjectRef } from '../domain/subject.ts';

/*
 * Hashes under which records are committed to (docs/protocol/records.md). Each begins with a byte of its own, so that no hash can stand for one of another
 * kind; each field and the subject have their own 128-bit salt, so that what is withheld can't be guessed.
 */
const prefixes = { field: 0x10, record: 0x11, subject: 0x12 } as const;
export const saltLength = 16;

const hashOf = (prefix: keyof typeof prefixes, parts: readonly Uint8Array[]): Uint8Array =>
  sha256(Buffer.concat([Uint8Array.of(prefixes[prefix]), ...parts]));

const fieldBytes = (salt: Uint8Array, name: string, value: FieldValue): Uint8Array => {
  const text = canonicalJson(value);
  const nameLength = Buffer.byteLength(name);
  const bytes = Buffer.allocUnsafe(3 + saltLength + nameLength + Buffer.byteLength(text));
  bytes[0] = prefixes.field;
  bytes.set(salt, 1);
  bytes.writeUInt16BE(nameLength, 1 + saltLength);
  bytes.write(name, 3 + saltLength);
  bytes.write(text, 3 + saltLength + nameLength);
  return bytes;
};

/** SHA-256(0x10 || salt || u16 length of name || name || canonical JSON of the value). */
export const fieldHash = (salt: Uint8Array, name: string, value: FieldValue): Uint8Array => sha256(fieldBytes(salt, name, value));

/** SHA-256(0x11 || field hashes in the schema's order). */
export const recordHash = (fieldHashes: readonly Uint8Array[]): Uint8Array => hashOf('record', fieldHashes);

/** SHA-256(0x12 || salt || type:code). */
export const subjectHash = (salt: Uint8Array, subject: SubjectRef): Uint8Array =>
  hashOf('subject', [salt, Buffer.from(`${subject.type}:${subject.code}`, 'utf8')]);

/** One subject's leaf: its hash and those of its records, in order. */
export const leafData = (subject: Uint8Array, records: readonly Uint8Array[]): Uint8Array => Buffer.concat([subject, ...records]);

/** Secret from which one subject's salts of one import come; `subjectKey` is the store's pseudonym. */
export const subjectSecret = (importSecret: Uint8Array, subjectKey: string): Uint8Array => hmacSha256(importSecret, subjectKey);

// A sponge needs no HMAC: nothing can be appended to its input, and the secret in front has a fixed length (32 bytes).
const derive = (secret: Uint8Array, label: string, length: number): Uint8Array =>
  shake256(Buffer.concat([secret, Buffer.from(label)]), length);

export const subjectSalt = (secret: Uint8Array): Uint8Array => derive(secret, 'subject', saltLength);

/** The salts of the fields of one record, in the schema's order: consecutive pieces of SHAKE256(secret || "record/" || number). */
export const fieldSalts = (secret: Uint8Array, record: number, count: number): readonly Uint8Array[] => {
  const stream = derive(secret, `record/${record}`, count * saltLength);
  return Array.from({ length: count }, (_, place) => stream.subarray(place * saltLength, (place + 1) * saltLength));
};

/** recordHash of a whole record, its values in the order of `fields`: the same as from its field hashes, without making them one by one. */
export const wholeRecordHash = (
  fields: readonly string[],
  values: readonly FieldValue[],
  secret: Uint8Array,
  record: number,
): Uint8Array => {
  const salts = fieldSalts(secret, record, fields.length);
  const bytes = Buffer.allocUnsafe(1 + 32 * fields.length);
  bytes[0] = prefixes.record;
  fields.forEach((name, place) => {
    sha256Into(bytes, 1 + 32 * place, fieldBytes(salts[place]!, name, values[place] ?? null));
  });
  return sha256(bytes);
};
