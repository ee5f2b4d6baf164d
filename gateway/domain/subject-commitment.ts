import type { Hex, SubjectCommitment } from './ids.ts';
import { bn254ScalarOrder, poseidonHash } from './poseidon.ts';
import { type SubjectRef, subjectTypes } from './subject.ts';

const packAscii = (text: string): bigint => {
  if (!/^[\x21-\x7e]{1,31}$/.test(text)) throw new RangeError('code does not fit a field element');
  return BigInt(`0x${Buffer.from(text, 'ascii').toString('hex')}`);
};

/** s = Poseidon(type number, code as big-endian ASCII): the scalar under which a circuit knows a subject (design.md §7). */
export const subjectScalar = (subject: SubjectRef): bigint =>
  poseidonHash([BigInt(subjectTypes[subject.type].number), packAscii(subject.code)]);

/** Poseidon(s, salt): what stands on chain, different from consent to consent. The salt must be a fresh uniform field element. */
export const commitSubject = (subject: SubjectRef, salt: bigint): SubjectCommitment =>
  `0x${poseidonHash([subjectScalar(subject), salt])
    .toString(16)
    .padStart(64, '0')}` as SubjectCommitment;

/** A uniform field element from 48 random bytes (the bias of the reduction is below 2^-128). */
export const saltFromBytes = (bytes: Uint8Array): bigint => {
  if (bytes.length !== 48) throw new RangeError('a salt is made from 48 random bytes');
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`) % bn254ScalarOrder;
};

/** bytes32 of a salt, and back; undefined when it is not the hex of a field element. */
export const saltToHex = (salt: bigint): Hex => `0x${salt.toString(16).padStart(64, '0')}`;
export const saltFromHex = (hex: string): bigint | undefined => {
  if (!/^0x[0-9a-f]{64}$/.test(hex)) return undefined;
  const salt = BigInt(hex);
  return salt < bn254ScalarOrder ? salt : undefined;
};
