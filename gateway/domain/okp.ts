import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { sha256, toBase64url } from './hash.ts';

/** Octet key pairs of RFC 8037 §2: Ed25519 signs, X25519 agrees on keys. Raw keys are 32 bytes (RFC 8032 §5.1.5, RFC 7748 §5). */
export type Curve = 'Ed25519' | 'X25519';

// RFC 8410 §4 and §7: the fixed DER before the 32 raw bytes (SubjectPublicKeyInfo and PKCS #8).
const publicPrefix = { Ed25519: '302a300506032b6570032100', X25519: '302a300506032b656e032100' } as const;
const privatePrefix = { Ed25519: '302e020100300506032b657004220420', X25519: '302e020100300506032b656e04220420' } as const;

const wrap = (prefix: string, raw: Uint8Array): Buffer => {
  if (raw.length !== 32) throw new RangeError('a raw OKP key has 32 bytes');
  return Buffer.concat([Buffer.from(prefix, 'hex'), raw]);
};

export const publicKeyFrom = (curve: Curve, raw: Uint8Array): KeyObject =>
  createPublicKey({ key: wrap(publicPrefix[curve], raw), format: 'der', type: 'spki' });

export const privateKeyFrom = (curve: Curve, raw: Uint8Array): KeyObject =>
  createPrivateKey({ key: wrap(privatePrefix[curve], raw), format: 'der', type: 'pkcs8' });

/** The raw 32 bytes of a public key, or of the public half of a private one. */
export const rawPublicKey = (key: KeyObject): Uint8Array =>
  (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'der', type: 'spki' }).subarray(-32);

/** RFC 7638 §3 with the members RFC 8037 §2 requires, base64url. */
export const thumbprint = (curve: Curve, raw: Uint8Array): string =>
  toBase64url(sha256(`{"crv":"${curve}","kty":"OKP","x":"${toBase64url(raw)}"}`));
