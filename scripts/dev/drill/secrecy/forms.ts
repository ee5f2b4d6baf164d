import { createHash, getHashes } from 'node:crypto';
import { keccak256 } from 'ethers';
import { poseidonHash } from '../../../../gateway/domain/poseidon.ts';
import type { SubjectRef } from '../../../../gateway/domain/subject.ts';
import { subjectScalar } from '../../../../gateway/domain/subject-commitment.ts';

/** One way in which something secret can be written down. */
export type Form = { readonly form: string; readonly bytes: Buffer; readonly whole?: boolean };

const utf16 = (text: string, bigEndian: boolean): Buffer => {
  const bytes = Buffer.from(text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
};

/**
 * The characters of base64 that are the same whatever stands around these bytes, for each of the three places at which they can begin in a group (RFC 4648
 * §4 and §5: a group is 3 bytes in 4 characters).
 */
const base64Forms = (bytes: Buffer): Form[] =>
  [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const [from, to] = [Math.ceil((before * 8) / 6), Math.floor((padded.length * 8) / 6)];
    return (['base64', 'base64url'] as const).map((alphabet) => ({
      form: `${alphabet}+${before}`,
      bytes: Buffer.from(padded.toString(alphabet).slice(from, to), 'ascii'),
    }));
  });

/** As bytes, and as text of bytes: hex (either case) and base64 (either alphabet, any alignment). */
const byteForms = (bytes: Buffer): Form[] => [
  { form: 'plain', bytes },
  { form: 'hex', bytes: Buffer.from(bytes.toString('hex'), 'ascii') },
  { form: 'HEX', bytes: Buffer.from(bytes.toString('hex').toUpperCase(), 'ascii') },
  ...base64Forms(bytes),
];

const escaped = (text: string): string =>
  [...text].map((character) => (character > '~' ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : character)).join('');

export const textForms = (text: string): Form[] => [
  ...byteForms(Buffer.from(text, 'utf8')),
  { form: 'utf-16le', bytes: utf16(text, false) },
  { form: 'utf-16be', bytes: utf16(text, true) },
  ...(escaped(text) === text ? [] : [{ form: 'json-escaped', bytes: Buffer.from(escaped(text), 'ascii') }]),
];

/** A value that is short enough to turn up inside of something else: as plain text it must stand by itself. */
export const valueForms = (value: string): Form[] =>
  textForms(value).map((written) => (written.form === 'plain' ? { ...written, whole: true } : written));

const field = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
const packed = (text: string): bigint => BigInt(`0x${Buffer.from(text, 'ascii').toString('hex')}`);

/** SM3 comes with OpenSSL; a build without it can't look for it, and must say so. */
export const hashNames = ['sha256', 'sm3'].filter((name) => getHashes().includes(name));

/** Hashes of a subject's code without a salt: with so few codes in the world each would be as good as the code. */
export const hashForms = (subject: SubjectRef): Form[] => {
  const texts = [subject.code, `${subject.type}:${subject.code}`];
  const hashes: Form[] = texts.flatMap((text) => [
    ...hashNames.map((name) => ({ form: name, bytes: createHash(name).update(text, 'utf8').digest() })),
    { form: 'keccak-256', bytes: Buffer.from(keccak256(Buffer.from(text, 'utf8')).slice(2), 'hex') },
  ]);
  const scalars = [subjectScalar(subject), poseidonHash([packed(subject.code)])];
  return [
    ...[...hashes, ...scalars.map((scalar) => ({ form: 'poseidon', bytes: field(scalar) }))].flatMap(({ form, bytes }) =>
      byteForms(bytes).map((written) => ({ form: `${form} ${written.form}`, bytes: written.bytes })),
    ),
    ...scalars.map((scalar) => ({ form: 'poseidon decimal', bytes: Buffer.from(scalar.toString(), 'ascii') })),
  ];
};
