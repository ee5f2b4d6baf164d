import { createCipheriv, createDecipheriv, createSecretKey, diffieHellman, type KeyObject } from 'node:crypto';
import { fromBase64url, fromHex, sha256, toBase64url } from '../domain/hash.ts';
import type { Hex } from '../domain/ids.ts';
import { jsonOf } from '../domain/json.ts';
import { privateKeyFrom, publicKeyFrom, rawPublicKey } from '../domain/okp.ts';
import { ok, type Result, refuse } from '../domain/result.ts';

/*
 * Compact JWE (RFC 7516), ECDH-ES (RFC 7518 §4.6, direct key agreement) over X25519 (RFC 8037 §3.2) with A256GCM, nothing else. On node:crypto and not on jose,
 * which needs four times the processor time for it (docs/decisions); the tests hold this against jose in both directions.
 */

/** Public X25519 key as JWK (RFC 8037 §2), made for one answer. */
export type OneTimePublicKey = { readonly kty: 'OKP'; readonly crv: 'X25519'; readonly x: string };
/** `seed` is the raw private key (RFC 7748 §5): what is kept to make it again. */
export type OneTimeKey = { readonly publicKey: OneTimePublicKey; readonly privateKey: KeyObject; readonly seed: Uint8Array };
/** What the sealed bytes are, and the usage or consent they belong to: both authenticated, both checked at opening. */
export type SealPurpose = { readonly typ: string; readonly context: string };

/** Random bytes that `seal` consumes: an ephemeral key and an initialization vector. Fresh for every call. */
export const sealEntropyLength = 32 + 12;

const alg = 'ECDH-ES';
const enc = 'A256GCM';
const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** Concat KDF (NIST SP 800-56A §5.8.1 as RFC 7518 §4.6.2 profiles it) for one 256-bit key; empty apu and apv unless given. */
export const deriveContentKey = (
  shared: Uint8Array,
  algorithm: string = enc,
  apu: Uint8Array = Buffer.alloc(0),
  apv: Uint8Array = Buffer.alloc(0),
  bits = 256,
): Uint8Array => {
  const name = Buffer.from(algorithm, 'ascii');
  const fixed = [uint32(name.length), name, uint32(apu.length), apu, uint32(apv.length), apv, uint32(bits)];
  return sha256(Buffer.concat([uint32(1), shared, ...fixed])).subarray(0, bits / 8);
};

export const toOneTimePublicKey = (raw: Uint8Array): OneTimePublicKey => ({ kty: 'OKP', crv: 'X25519', x: toBase64url(raw) });

/** A key pair for one answer, from 32 random bytes. */
export const newOneTimeKey = (seed: Uint8Array): OneTimeKey => {
  const privateKey = privateKeyFrom('X25519', seed);
  return { publicKey: toOneTimePublicKey(rawPublicKey(privateKey)), privateKey, seed };
};

// Keys of the registry only, so it is as large as the registry's key history at most.
const imported = new Map<Hex, KeyObject>();

const recipientKey = (recipient: Hex | OneTimePublicKey): KeyObject | undefined => {
  const known = typeof recipient === 'string' ? imported.get(recipient) : undefined;
  if (known !== undefined) return known;
  const raw = typeof recipient === 'string' ? fromHex(recipient) : fromBase64url(recipient.x);
  if (raw?.length !== 32) return undefined;
  const key = publicKeyFrom('X25519', raw);
  if (typeof recipient === 'string') imported.set(recipient, key);
  return key;
};

/**
 * Seals bytes to a public key (hex of 32 raw bytes, or JWK). `entropy` is `sealEntropyLength` fresh random bytes. Refuses with SEAL_MALFORMED for a key that is
 * not 32 bytes or of low order, since with that anyone could open.
 */
export const seal = (
  recipient: Hex | OneTimePublicKey,
  plaintext: Uint8Array,
  purpose: SealPurpose,
  entropy: Uint8Array,
): Result<string> => {
  if (entropy.length !== sealEntropyLength) throw new RangeError(`seal needs ${sealEntropyLength} random bytes`);
  const publicKey = recipientKey(recipient);
  if (publicKey === undefined) return refuse('SEAL_MALFORMED');
  const ephemeral = privateKeyFrom('X25519', entropy.subarray(0, 32));
  const shared = agree(ephemeral, publicKey);
  if (shared === undefined) return refuse('SEAL_MALFORMED');
  const header = { alg, enc, epk: toOneTimePublicKey(rawPublicKey(ephemeral)), typ: purpose.typ, ctx: purpose.context };
  const protectedPart = toBase64url(Buffer.from(JSON.stringify(header), 'utf8'));
  const iv = entropy.subarray(32);
  const cipher = createCipheriv('aes-256-gcm', createSecretKey(deriveContentKey(shared)), iv).setAAD(Buffer.from(protectedPart, 'ascii'));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  // RFC 7516 §7.1; the encrypted key is empty with direct key agreement (§5.1 step 5).
  return ok([protectedPart, '', toBase64url(iv), toBase64url(ciphertext), toBase64url(cipher.getAuthTag())].join('.'));
};

const agree = (privateKey: KeyObject, publicKey: KeyObject): Uint8Array | undefined => {
  try {
    // Fails for a point of low order, whose shared secret is all zero (RFC 7748 §6.1).
    return diffieHellman({ privateKey, publicKey });
  } catch {
    return undefined;
  }
};

type SealHeader = { readonly epk: Uint8Array; readonly typ: string; readonly context: string };

const parseHeader = (part: string): Result<SealHeader> => {
  const bytes = fromBase64url(part);
  if (bytes === undefined) return refuse('SEAL_MALFORMED');
  const value = jsonOf(bytes);
  if (value === undefined) return refuse('SEAL_MALFORMED');
  const header = (value ?? {}) as Record<string, unknown>;
  const extended = header.crit !== undefined || header.zip !== undefined || header.apu !== undefined || header.apv !== undefined;
  if (header.alg !== alg || header.enc !== enc || extended) return refuse('SEAL_ALGORITHM');
  const epk = (header.epk ?? {}) as Record<string, unknown>;
  if (epk.kty !== 'OKP' || epk.crv !== 'X25519') return refuse('SEAL_ALGORITHM');
  const raw = typeof epk.x === 'string' ? fromBase64url(epk.x) : undefined;
  if (raw?.length !== 32 || typeof header.typ !== 'string' || typeof header.ctx !== 'string') return refuse('SEAL_MALFORMED');
  return ok({ epk: raw, typ: header.typ, context: header.ctx });
};

/** Checks what a sealed text says it is, before the key that opens it is used. Refuses with SEAL_MALFORMED, SEAL_ALGORITHM, SEAL_TYPE, SEAL_CONTEXT. */
export const checkSeal = (jwe: string, purpose: SealPurpose): Result<SealHeader> => {
  const header = parseHeader(jwe.split('.', 1)[0]!);
  if (!header.ok) return header;
  if (header.value.typ !== purpose.typ) return refuse('SEAL_TYPE', { expected: purpose.typ });
  if (header.value.context !== purpose.context) return refuse('SEAL_CONTEXT');
  return header;
};

/** Opens a sealed text whatever it says it is for: `checkSeal` must have been asked. Refuses with SEAL_MALFORMED, SEAL_ALGORITHM, SEAL_UNOPENABLE. */
export const openSealed = (privateKey: KeyObject, jwe: string): Result<Uint8Array> => {
  const parts = jwe.split('.');
  if (parts.length !== 5 || parts[1] !== '') return refuse('SEAL_MALFORMED');
  const header = parseHeader(parts[0]!);
  if (!header.ok) return header;
  const [iv, ciphertext, tag] = parts.slice(2).map(fromBase64url);
  if (iv?.length !== 12 || ciphertext === undefined || tag?.length !== 16) return refuse('SEAL_MALFORMED');
  const shared = agree(privateKey, publicKeyFrom('X25519', header.value.epk));
  if (shared === undefined) return refuse('SEAL_UNOPENABLE');
  const decipher = createDecipheriv('aes-256-gcm', createSecretKey(deriveContentKey(shared)), iv, { authTagLength: 16 });
  decipher.setAAD(Buffer.from(parts[0]!, 'ascii')).setAuthTag(tag);
  try {
    return ok(Buffer.concat([decipher.update(ciphertext), decipher.final()]));
  } catch {
    return refuse('SEAL_UNOPENABLE');
  }
};

/** Opens what was sealed to a one-time key, for this purpose only. */
export const openOneTime = (privateKey: KeyObject, jwe: string, purpose: SealPurpose): Result<Uint8Array> => {
  const checked = checkSeal(jwe, purpose);
  return checked.ok ? openSealed(privateKey, jwe) : checked;
};
