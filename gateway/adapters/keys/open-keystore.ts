import { hash, type KeyObject, sign } from 'node:crypto';
import { Wallet } from 'ethers';
import { XinshuError } from '../../domain/errors.ts';
import { fromHex, toBase64url } from '../../domain/hash.ts';
import type { Address, Hex, MemberId } from '../../domain/ids.ts';
import { pseudonym } from '../../domain/pseudonym.ts';
import type { Result } from '../../domain/result.ts';
import type { Keys } from '../../ports/keys.ts';
import { type KeyMaterial, privateKeyOf } from './key-material.ts';
import { readKeystore } from './keystore-file.ts';
import { deriveLocalKey, openLocally, sealLocally } from './local-seal.ts';

/** How a compact JWE is opened with an X25519 key: gateway/sealing/jwe.ts, handed in by the composition root, since adapters don't import it. */
export type Unseal = (privateKey: KeyObject, jwe: string) => Result<Uint8Array>;

/** Keys out of an encrypted file, held in this process's memory. Throws KEYSTORE_UNREADABLE, KEYSTORE_PASSPHRASE. */
export const openKeystore = async (path: string, passphrase: string, unseal: Unseal): Promise<Keys> =>
  keysOf(await readKeystore(path, passphrase), unseal);

/** RFC 7638 §3.2: the required members of an OKP key (RFC 8037 §2) in lexicographic order. */
const thumbprint = (crv: string, x: string): string => hash('sha256', `{"crv":"${crv}","kty":"OKP","x":"${x}"}`, 'base64url');

export const keysOf = (material: KeyMaterial, unseal: Unseal): Keys => {
  const signKey = privateKeyOf(material.sign);
  const noteKey = privateKeyOf(material.note);
  const sealKey = privateKeyOf(material.seal);
  const wallet = new Wallet(material.account);
  const subjectSecret = fromHex(material.subjectSecret);
  const localKey = deriveLocalKey(subjectSecret);
  const kid = thumbprint('Ed25519', material.sign.x);
  const headers = new Map<string, string>();
  const headerOf = (typ: string): string => {
    const known = headers.get(typ);
    if (known !== undefined) return known;
    const header = toBase64url(Buffer.from(JSON.stringify({ alg: 'EdDSA', typ, kid })));
    headers.set(typ, header);
    return header;
  };
  return {
    signer: kid,
    member: material.member as MemberId,
    account: wallet.address as Address,
    // RFC 7515 §7.1. Ed25519 is deterministic (RFC 8032 §5.1.6): the same claims give the same bytes, which retries of a request rest on.
    sign: async (typ, claims) => {
      const input = `${headerOf(typ)}.${toBase64url(Buffer.from(JSON.stringify(claims)))}`;
      return `${input}.${toBase64url(sign(null, Buffer.from(input), signKey))}`;
    },
    open: async (jwe) => {
      const opened = unseal(sealKey, jwe);
      if (!opened.ok) throw new XinshuError('SEAL_UNOPENABLE', { reason: opened.refusal.code });
      return opened.value;
    },
    noteKey: Buffer.from(material.note.x, 'base64url'),
    signNote: async (bytes) => sign(null, bytes, noteKey),
    signTypedData: async (domain, types, value) =>
      (await wallet.signTypedData(domain, types as Record<string, { name: string; type: string }[]>, value)) as Hex,
    signTransaction: async (transaction) => (await wallet.signTransaction(transaction)) as Hex,
    sealLocal: (bytes, context) => sealLocally(localKey, bytes, context),
    openLocal: (sealed, context) => openLocally(localKey, sealed, context),
    subjectKey: (subject) => pseudonym(subject, subjectSecret),
    tls: () => material.tls,
  };
};
