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

const tls = Type.Object({ certificate: Type.String(), privateKey: Type.String() }, { additionalProperties: false });

/** Everything private of one member, as it stands inside the keystore. Version 1 is what is made first; the first rotation makes it version 2. */
export const keyMaterialSchema = Type.Object(
  {
    version: Type.Union([Type.Literal(1), Type.Literal(2)]),
    member: Type.String(),
    sign: okp('Ed25519'),
    seal: okp('X25519'),
    note: okp('Ed25519'),
    account: hex32,
    subjectSecret: hex32,
    tls,
    /** Keys made later, each list in the order of its making; which of them is used stands on chain. Version 2 only. */
    others: Type.Optional(
      Type.Object(
        {
          sign: Type.Array(okp('Ed25519')),
          seal: Type.Array(okp('X25519')),
          note: Type.Array(okp('Ed25519')),
          tls: Type.Array(tls),
          account: Type.Array(hex32),
        },
        { additionalProperties: false },
      ),
    ),
    /** Public halves that are to be retired at once. Version 2 only. */
    retire: Type.Optional(Type.Array(Type.String())),
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

const entryOf = {
  sign: ({ sign }: Pick<KeyMaterial, 'sign'>): PublicKeyEntry => ({ purpose: 'sign', suite: 'ed25519', data: raw(sign.x) }),
  seal: ({ seal }: Pick<KeyMaterial, 'seal'>): PublicKeyEntry => ({ purpose: 'seal', suite: 'x25519', data: raw(seal.x) }),
  note: ({ note }: Pick<KeyMaterial, 'note'>): PublicKeyEntry => ({ purpose: 'note', suite: 'ed25519', data: raw(note.x) }),
  tls: (material: Pick<KeyMaterial, 'tls'>): PublicKeyEntry => ({
    purpose: 'tls',
    suite: 'sha256-spki',
    data: tlsPin(material.tls.certificate),
  }),
} as const;

/** The public halves of the first key of each purpose, in the form of the registry. */
export const publicKeys = (material: KeyMaterial): readonly PublicKeyEntry[] => [
  entryOf.sign(material),
  entryOf.seal(material),
  entryOf.note(material),
  entryOf.tls(material),
];

/** The public halves of all, of each purpose in the order of their making. */
export const allPublicKeys = (material: KeyMaterial): readonly PublicKeyEntry[] => [
  ...publicKeys(material),
  ...(material.others?.sign ?? []).map((sign) => entryOf.sign({ sign })),
  ...(material.others?.seal ?? []).map((seal) => entryOf.seal({ seal })),
  ...(material.others?.note ?? []).map((note) => entryOf.note({ note })),
  ...(material.others?.tls ?? []).map((pair) => entryOf.tls({ tls: pair })),
];

export const allAccounts = ({ account, others }: KeyMaterial): readonly Hex[] => [account, ...(others?.account ?? [])] as Hex[];

export const privateKeyOf = (key: Okp & { readonly crv: string }) => createPrivateKey({ key, format: 'jwk' });
