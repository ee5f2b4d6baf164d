import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { fromBase64url, sha256, toBase64url } from './hash.ts';

/** Octet key pairs of RFC 8037 §2: Ed25519 signs, X25519 agrees on keys. Raw keys are 32 bytes (RFC 8032 §5.1.5, RFC 7748 §5). */
export type Curve = 'Ed25519' | 'X25519';

// RFC 8410 §7: the fixed DER before the 32 raw bytes of a private key (PKCS #8).
const privatePrefix = { Ed25519: '302e020100300506032b657004220420', X25519: '302e020100300506032b656e04220420' } as const;

const checkLength = (raw: Uint8Array): void => {
  if (raw.length !== 32) throw new RangeError('a raw OKP key has 32 bytes');
};

/**
 * node:crypto finds out what kind of key it was given by failing at the others, and the stack trace of each failure costs as much as the curve. Nobody sees those.
 */
const withoutStackTraces = <T>(work: () => T): T => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};

// JWK and not DER wherever it can be: OpenSSL's decoders cost more than the curve.
export const publicKeyFrom = (curve: Curve, raw: Uint8Array): KeyObject => {
  checkLength(raw);
  return withoutStackTraces(() => createPublicKey({ key: { kty: 'OKP', crv: curve, x: toBase64url(raw) }, format: 'jwk' }));
};

export const privateKeyFrom = (curve: Curve, raw: Uint8Array): KeyObject => {
  checkLength(raw);
  const key = Buffer.concat([Buffer.from(privatePrefix[curve], 'hex'), raw]);
  return withoutStackTraces(() => createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
};

/** The raw 32 bytes of a public key, or of the public half of a private one. Throws RangeError for a key that is none of RFC 8037. */
export const rawPublicKey = (key: KeyObject): Uint8Array => {
  const { kty, x } = key.export({ format: 'jwk' });
  const raw = kty === 'OKP' && x !== undefined ? fromBase64url(x) : undefined;
  if (raw === undefined) throw new RangeError('not an OKP key');
  return raw;
};

/** RFC 7638 §3 with the members RFC 8037 §2 requires, base64url. */
export const thumbprint = (curve: Curve, raw: Uint8Array): string =>
  toBase64url(sha256(`{"crv":"${curve}","kty":"OKP","x":"${toBase64url(raw)}"}`));
