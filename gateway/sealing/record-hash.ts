import { canonicalJson } from '../domain/canonical.ts';
import type { FieldValue } from '../domain/field-value.ts';
import { hmacSha256, sha256, sha256Into, shake256 } from '../domain/hash.ts';
import type { SubjectRef } from '../domain/subject.ts';

/*
 * Hashes under which records are committed to (docs/protocol/records.md). Each begins with a byte of its own, so that no hash can stand for one of another
 * kind; each field of each record and the subject have their own 128-bit salt, so that what is withheld can't be guessed.
 */
const prefixes = { field: 0x10, column: 0x11, subject: 0x12 } as const;
export const saltLength = 16;
export const hashLength = 32;

/** Most values fit; a longer one gets bytes of its own. Used and done with in one step. */
const scratch = Buffer.allocUnsafe(1024);

const fieldBytes = (salts: Uint8Array, record: number, value: FieldValue): Buffer => {
  const text = canonicalJson(value);
  const head = 1 + saltLength;
  const most = head + 3 * text.length;
  const bytes = most <= scratch.length ? scratch : Buffer.allocUnsafe(most);
  bytes[0] = prefixes.field;
  for (let at = 0; at < saltLength; at += 1) bytes[1 + at] = salts[record * saltLength + at]!;
  return bytes.subarray(0, head + bytes.write(text, head));
};

/** Writes SHA-256(0x10 || salt || canonical JSON of the value) of one record's field into `target`; `salts` and `target` hold those of all records, one after the other. */
export const fieldHashInto = (target: Buffer, salts: Uint8Array, record: number, value: FieldValue): void =>
  sha256Into(target, record * hashLength, fieldBytes(salts, record, value));

/** SHA-256(0x11 || u16 length of name || name || field hashes of all records). */
export const columnHash = (name: string, fieldHashes: Uint8Array): Uint8Array => {
  const nameLength = Buffer.byteLength(name);
  const bytes = Buffer.allocUnsafe(3 + nameLength + fieldHashes.length);
  bytes[0] = prefixes.column;
  bytes.writeUInt16BE(nameLength, 1);
  bytes.write(name, 3);
  bytes.set(fieldHashes, 3 + nameLength);
  return sha256(bytes);
};

/** SHA-256(0x12 || salt || type:code). */
export const subjectHash = (salt: Uint8Array, subject: SubjectRef): Uint8Array =>
  sha256(Buffer.concat([Buffer.of(prefixes.subject), salt, Buffer.from(`${subject.type}:${subject.code}`, 'utf8')]));

/** One subject's leaf: its hash, the number of its records, and the column hashes in the schema's order. */
export const leafData = (subject: Uint8Array, records: number, columns: readonly Uint8Array[]): Uint8Array => {
  const count = Buffer.allocUnsafe(4);
  count.writeUInt32BE(records);
  return Buffer.concat([subject, count, ...columns]);
};

/** Secret from which one subject's salts of one import come; `subjectKey` is the store's pseudonym. */
export const subjectSecret = (importSecret: Uint8Array, subjectKey: string): Uint8Array => hmacSha256(importSecret, subjectKey);

// A sponge needs no HMAC: nothing can be appended to its input, and the secret in front has a fixed length (32 bytes).
const derive = (secret: Uint8Array, label: string, length: number): Uint8Array =>
  shake256(Buffer.concat([secret, Buffer.from(label)]), length);

export const subjectSalt = (secret: Uint8Array): Uint8Array => derive(secret, 'subject', saltLength);

/** The salts of one field in all records, one after the other: SHAKE256(secret || "field/" || name). */
export const columnSalts = (secret: Uint8Array, name: string, records: number): Uint8Array =>
  derive(secret, `field/${name}`, records * saltLength);
