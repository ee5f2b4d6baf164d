import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const ivLength = 12;
const tagLength = 16;

/** Key for what this member seals to itself, by HKDF-SHA-256 (RFC 5869) from a secret of the keystore. */
export const deriveLocalKey = (secret: Uint8Array): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', secret, new Uint8Array(0), 'xinshu local seal v1', 32)));

/** IV, ciphertext and tag in one; AES-256-GCM (NIST SP 800-38D) with a random 96-bit IV and the context as additional data. */
export const sealLocally = (key: KeyObject, bytes: Uint8Array, context: string): Uint8Array => {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(context, 'utf8'));
  return Buffer.concat([iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
};

export const openLocally = (key: KeyObject, sealed: Uint8Array, context: string): Uint8Array | undefined => {
  if (sealed.length < ivLength + tagLength) return undefined;
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, ivLength), { authTagLength: tagLength });
  decipher.setAAD(Buffer.from(context, 'utf8')).setAuthTag(sealed.subarray(-tagLength));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(ivLength, -tagLength)), decipher.final()]);
  } catch {
    return undefined;
  }
};
