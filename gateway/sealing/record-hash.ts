import { createHmac } from 'node:crypto';
import { canonicalJson } from '../domain/canonical.ts';
import type { FieldValue } from '../domain/field-value.ts';
import { sha256 } from '../domain/hash.ts';
import type { SubjectRef } from '../domain/subject.ts';

/*
 * Hashes under which records are committed to (docs/protocol/records.md). Each begins with a byte of its own, so that no hash can stand for one of another
 * kind; each field and the subject have their own 128-bit salt, so that what is withheld can't be guessed.
 */
const prefixes = { field: 0x10, record: 0x11, subject: 0x12 } as const;
export const saltLength = 16;

const hashOf = (prefix: keyof typeof prefixes, parts: readonly Uint8Array[]): Uint8Array =>
  sha256(Buffer.concat([Uint8Array.of(prefixes[prefix]), ...parts]));

/** SHA-256(0x10 || salt || u16 length of name || name || canonical JSON of the value). */
export const fieldHash = (salt: Uint8Array, name: string, value: FieldValue): Uint8Array => {
  const nameBytes = Buffer.from(name, 'utf8');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(nameBytes.length);
  return hashOf('field', [salt, length, nameBytes, Buffer.from(canonicalJson(value), 'utf8')]);
};

/** SHA-256(0x11 || field hashes in the schema's order). */
export const recordHash = (fieldHashes: readonly Uint8Array[]): Uint8Array => hashOf('record', fieldHashes);

/** SHA-256(0x12 || salt || type:code). */
export const subjectHash = (salt: Uint8Array, subject: SubjectRef): Uint8Array =>
  hashOf('subject', [salt, Buffer.from(`${subject.type}:${subject.code}`, 'utf8')]);

/** One subject's leaf: its hash and those of its records, in order. */
export const leafData = (subject: Uint8Array, records: readonly Uint8Array[]): Uint8Array => Buffer.concat([subject, ...records]);

/** Secret from which one subject's salts of one import come; `subjectKey` is the store's pseudonym. */
export const subjectSecret = (importSecret: Uint8Array, subjectKey: string): Uint8Array =>
  createHmac('sha256', importSecret).update(subjectKey, 'utf8').digest();

const derive = (secret: Uint8Array, label: string): Uint8Array =>
  createHmac('sha256', secret).update(label, 'utf8').digest().subarray(0, saltLength);

export const subjectSalt = (secret: Uint8Array): Uint8Array => derive(secret, 'subject');
export const fieldSalt = (secret: Uint8Array, record: number, name: string): Uint8Array => derive(secret, `field/${record}/${name}`);
