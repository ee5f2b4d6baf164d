import { type KeyObject, sign } from 'node:crypto';
import { toBase64url } from '../../gateway/domain/hash.ts';
import { rawPublicKey, thumbprint } from '../../gateway/domain/okp.ts';

/** A JWS as members' keys make it (gateway/adapters/keys): header {alg, kid, typ}. */
export const signJws = (privateKey: KeyObject, typ: string, claims: Readonly<Record<string, unknown>>): string => {
  const header = { alg: 'EdDSA', kid: thumbprint('Ed25519', rawPublicKey(privateKey)), typ };
  const text = [header, claims].map((part) => toBase64url(Buffer.from(JSON.stringify(part), 'utf8'))).join('.');
  return `${text}.${toBase64url(sign(null, Buffer.from(text, 'ascii'), privateKey))}`;
};
