import { type KeyObject, verify } from 'node:crypto';
import { fromBase64url, fromHex } from '../domain/hash.ts';
import type { Hex } from '../domain/ids.ts';
import { jsonOf } from '../domain/json.ts';
import { publicKeyFrom, thumbprint } from '../domain/okp.ts';
import type { MemberKey } from '../domain/registry-state.ts';
import { ok, type Result, refuse } from '../domain/result.ts';

/*
 * Compact JWS (RFC 7515) with EdDSA over Ed25519 (RFC 8037), nothing else. Made on node:crypto and not on jose, which costs three times the processor time of
 * the signature itself (docs/decisions); the tests hold this against jose in both directions.
 */

export type VerifiedJws = { readonly claims: Readonly<Record<string, unknown>>; readonly key: Hex };

type KnownKey = { readonly key: KeyObject; readonly kid: string };
// Keys of the registry only, so it is as large as the registry's key history at most.
const imported = new Map<Hex, KnownKey>();

const importKey = (data: Hex): KnownKey => {
  const known = imported.get(data);
  if (known !== undefined) return known;
  const raw = fromHex(data);
  const made = { key: publicKeyFrom('Ed25519', raw), kid: thumbprint('Ed25519', raw) };
  imported.set(data, made);
  return made;
};

const isUsable = (key: MemberKey): boolean => key.purpose === 'sign' && key.suite === 'ed25519' && /^0x[0-9a-f]{64}$/.test(key.data);

const parseObject = (bytes: Uint8Array): Record<string, unknown> | undefined => {
  const value = jsonOf(bytes);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
};

/**
 * Checks a JWS against the member's keys in force at the deciding block (domain/member-keys.ts); `kid` must be the RFC 7638 thumbprint of one of them and `typ`
 * the one expected, so a message can't be taken for another kind. Refuses with the JWS_ codes; the algorithm is never chosen by the message.
 */
export const verifyJws = (jws: string, keys: readonly MemberKey[], typ: string): Result<VerifiedJws> => {
  const parts = jws.split('.');
  const [protectedPart, payloadPart, signaturePart] = parts.map(fromBase64url);
  if (parts.length !== 3 || protectedPart === undefined || payloadPart === undefined || signaturePart === undefined) {
    return refuse('JWS_MALFORMED');
  }
  const header = parseObject(protectedPart);
  if (header === undefined) return refuse('JWS_MALFORMED');
  if (header.alg !== 'EdDSA') return refuse('JWS_ALGORITHM');
  // RFC 7515 §4.1.11: what is critical and not understood is refused; b64 (RFC 7797) would change what is signed.
  if (header.crit !== undefined || header.b64 !== undefined) return refuse('JWS_CRITICAL');
  if (header.typ !== typ) return refuse('JWS_TYPE', { expected: typ });
  const signer = keys.filter(isUsable).find((key) => importKey(key.data).kid === header.kid);
  if (signer === undefined) return refuse('JWS_KEY_UNKNOWN');
  const signed = Buffer.from(jws.slice(0, jws.lastIndexOf('.')), 'ascii');
  if (!verify(null, signed, importKey(signer.data).key, signaturePart)) return refuse('JWS_SIGNATURE');
  const claims = parseObject(payloadPart);
  return claims === undefined ? refuse('JWS_MALFORMED') : ok({ claims, key: signer.data });
};

/** What a JWS claims before anything is checked: only to find whose keys to check it with. Undefined when there is no JSON object in it. */
export const peekClaims = (jws: string): Readonly<Record<string, unknown>> | undefined => {
  const payload = fromBase64url(jws.split('.')[1] ?? '.');
  return payload === undefined ? undefined : parseObject(payload);
};
