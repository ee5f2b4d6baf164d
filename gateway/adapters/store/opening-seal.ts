import { createCipheriv, createDecipheriv } from 'node:crypto';
import { XinshuError } from '../../domain/errors.ts';
import type { LeafOpening } from '../../ports/audit-store.ts';
import type { Randomness } from '../../ports/clock.ts';
import type { OpeningKeyName, OpeningKeys } from './opening-keys.ts';

// Record: key name 34 bytes, nonce 12, tag 16, then the ciphertext of the opening's JSON. The record's own store key is authenticated with it, so that
// records can't be exchanged. Nonces are random: after a failed write an index is used a second time under the same key.
const nameLength = 34;
const nonceLength = 12;
const tagLength = 16;
const headLength = nameLength + nonceLength + tagLength;

export const sealOpening = (keys: OpeningKeys, name: OpeningKeyName, at: Buffer, opening: LeafOpening, randomness: Randomness): Buffer => {
  const nonce = randomness.bytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', keys.obtain(name), nonce, { authTagLength: tagLength });
  cipher.setAAD(at);
  const sealed = cipher.update(JSON.stringify(opening), 'utf8');
  cipher.final();
  return Buffer.concat([name, nonce, cipher.getAuthTag(), sealed]);
};

/** undefined: the key was destroyed, the opening is erased. Throws STORE_CORRUPT. */
export const openOpening = (keys: OpeningKeys, at: Buffer, record: Buffer): LeafOpening | undefined => {
  const key = keys.find(record.subarray(0, nameLength));
  if (key === undefined) return undefined;
  try {
    const nonce = record.subarray(nameLength, nameLength + nonceLength);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength });
    decipher.setAAD(at);
    decipher.setAuthTag(record.subarray(nameLength + nonceLength, headLength));
    const text = Buffer.concat([decipher.update(record.subarray(headLength)), decipher.final()]).toString('utf8');
    return JSON.parse(text) as LeafOpening;
  } catch {
    throw new XinshuError('STORE_CORRUPT', { part: 'opening' });
  }
};
