import { createCipheriv, createDecipheriv } from 'node:crypto';
import { XinshuError } from '../../domain/errors.ts';
import type { Randomness } from '../../ports/clock.ts';
import { keyNameLength, keyPrintLength, type OpeningKeyName, type OpeningKeys } from './opening-keys.ts';

// Record: key name 34 bytes, key print 8, nonce 12, tag 16, then the ciphertext. The place where the record lies is authenticated with it, so that
// records can't be exchanged. Nonces are random: after a failed write an index is used a second time under the same key.
const nonceLength = 12;
const tagLength = 16;
const sealedFrom = keyNameLength + keyPrintLength;
const headLength = sealedFrom + nonceLength + tagLength;

/** Seals under the key of this name, or, when that one was destroyed, of the next month's: the parts of the record, one behind the other. */
export const sealParts = (
  keys: OpeningKeys,
  wanted: OpeningKeyName,
  at: Uint8Array,
  plaintext: Uint8Array,
  randomness: Randomness,
): readonly Uint8Array[] => {
  const { name, print, key } = keys.obtain(wanted);
  const nonce = randomness.bytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength });
  cipher.setAAD(at);
  const sealed = cipher.update(plaintext);
  cipher.final();
  return [name, print, nonce, cipher.getAuthTag(), sealed];
};

/** The same in one piece. */
export const sealUnder = (...sealing: Parameters<typeof sealParts>): Buffer => Buffer.concat(sealParts(...sealing));

/** undefined: the key was destroyed or lost, what was sealed is erased. Throws STORE_CORRUPT. */
export const openUnder = (keys: OpeningKeys, at: Uint8Array, record: Buffer, part: string): Buffer | undefined => {
  const found = keys.find(record.subarray(0, keyNameLength));
  // Another print: the keys were lost, and a new one was made since under this name.
  if (found?.print.equals(record.subarray(keyNameLength, sealedFrom)) !== true) return undefined;
  try {
    const nonce = record.subarray(sealedFrom, sealedFrom + nonceLength);
    const decipher = createDecipheriv('aes-256-gcm', found.key, nonce, { authTagLength: tagLength });
    decipher.setAAD(at);
    decipher.setAuthTag(record.subarray(sealedFrom + nonceLength, headLength));
    return Buffer.concat([decipher.update(record.subarray(headLength)), decipher.final()]);
  } catch {
    throw new XinshuError('STORE_CORRUPT', { part });
  }
};
