import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { Wallet } from 'ethers';
import type { Static } from 'typebox';
import { Type } from 'typebox';
import { toHex } from '../../domain/hash.ts';
import type { Hex } from '../../domain/ids.ts';
import type { KeyPurpose } from '../../domain/registry-state.ts';
import { tlsPin } from '../../domain/tls-pin.ts';
import { selfSignedCertificate } from './tls-certificate.ts';

const hex32 = Type.String({ pattern: '^0x[0-9a-f]{64}$' });
/** Private key of RFC 8037. */
const okp = (crv: 'Ed25519' | 'X25519') =>
  Type.Object({ kty: Type.Literal('OKP'), crv: Type.Literal(crv), x: Type.String(), d: Type.String() }, { additionalProperties: false });

/** Everything private of one member, as it stands inside the keystore. */
export const keyMaterialSchema = Type.Object(
  {
    version: Type.Literal(1),
    member: Type.String(),
    sign: okp('Ed25519'),
    seal: okp('X25519'),
    note: okp('Ed25519'),
    account: hex32,
    subjectSecret: hex32,
    tls: Type.Object({ certificate: Type.String(), privateKey: Type.String() }, { additionalProperties: false }),
  },
  { additionalProperties: false },
);
export type KeyMaterial = Static<typeof keyMaterialSchema>;

/** A public key as the MemberRegistry takes it. */
export type PublicKeyEntry = { readonly purpose: KeyPurpose; readonly suite: string; readonly data: Hex };

type Okp = { readonly kty: 'OKP'; readonly x: string; readonly d: string };
const generate = <C extends 'Ed25519' | 'X25519'>(crv: C): Okp & { readonly crv: C } => {
  const { privateKey } = crv === 'Ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519');
  const { x, d } = privateKey.export({ format: 'jwk' }) as { x: string; d: string };
  return { kty: 'OKP', crv, x, d };
};

/** New keys for every purpose, and a TLS certificate that begins an hour before `now` (ms). */
export const generateKeyMaterial = async (member: string, now: number): Promise<KeyMaterial> => ({
  version: 1,
  member,
  sign: generate('Ed25519'),
  seal: generate('X25519'),
  note: generate('Ed25519'),
  account: Wallet.createRandom().privateKey as Hex,
  subjectSecret: toHex(randomBytes(32)),
  tls: await selfSignedCertificate(member, now),
});

const raw = (x: string): Hex => toHex(Buffer.from(x, 'base64url'));

/** The public halves, in the form of the registry. */
export const publicKeys = (material: KeyMaterial): readonly PublicKeyEntry[] => [
  { purpose: 'sign', suite: 'ed25519', data: raw(material.sign.x) },
  { purpose: 'seal', suite: 'x25519', data: raw(material.seal.x) },
  { purpose: 'note', suite: 'ed25519', data: raw(material.note.x) },
  { purpose: 'tls', suite: 'sha256-spki', data: tlsPin(material.tls.certificate) },
];

export const privateKeyOf = (key: Okp & { readonly crv: string }) => createPrivateKey({ key, format: 'jwk' });
