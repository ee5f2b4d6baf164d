import { sign } from 'node:crypto';
import { sha256Hex, toBase64url } from '../../../gateway/domain/hash.ts';
import { privateKeyFrom, rawPublicKey, thumbprint } from '../../../gateway/domain/okp.ts';
import { seal, sealEntropyLength } from '../../../gateway/sealing/jwe.ts';
import { messageTypes, sealTypes } from '../../../gateway/sealing/messages.ts';
import { bank, block, chainId, countedBytes, grid, hexOf, lines, subject, time, usage } from './facts.ts';

const compactJws = (typ: string, claims: object, seed: Uint8Array): string => {
  const key = privateKeyFrom('Ed25519', seed);
  const header = { alg: 'EdDSA', typ, kid: thumbprint('Ed25519', rawPublicKey(key)) };
  const signed = [header, claims].map((part) => toBase64url(Buffer.from(JSON.stringify(part)))).join('.');
  return `${signed}.${toBase64url(sign(null, Buffer.from(signed, 'ascii'), key))}`;
};

/** An acknowledgement as it is signed, and the parties of a request as they are sealed. */
export const messagesExample = (): string => {
  const seed = countedBytes(0x91, 32);
  const claims = {
    v: 1,
    chain: chainId,
    iss: bank,
    aud: grid,
    iat: time,
    exp: time + 600,
    receipts: [
      { usage, response: hexOf(countedBytes(0x31, 32)), verdict: 'ok', leaf: { log: 0, index: 7, leafHash: hexOf(countedBytes(1, 32)) } },
    ],
  };
  const jws = compactJws(messageTypes.acknowledgement, claims, seed);
  const sealSeed = countedBytes(0xb1, 32);
  const parties = { subject, requester: 'Li Na', reviewer: null, review: null };
  const recipient = rawPublicKey(privateKeyFrom('X25519', sealSeed));
  const purpose = { typ: sealTypes.usageParties, context: usage };
  const sealed = seal(hexOf(recipient), Buffer.from(JSON.stringify(parties)), purpose, countedBytes(0xd1, sealEntropyLength));
  if (!sealed.ok) throw new Error(sealed.refusal.code);
  return [
    '## Signed message',
    '',
    'An acknowledgement (line breaks in the claims are for reading; the signed text has none):',
    '',
    block('json', JSON.stringify(claims, null, 2)),
    '',
    lines([
      ['Sign key of bank-changan, seed', hexOf(seed)],
      ['public key', hexOf(rawPublicKey(privateKeyFrom('Ed25519', seed)))],
      ['kid (RFC 7638)', thumbprint('Ed25519', rawPublicKey(privateKeyFrom('Ed25519', seed)))],
      ['JWS', jws],
      ['SHA-256 of the JWS', sha256Hex(jws)],
    ]),
    '',
    '## Sealed text',
    '',
    'The parties of a usage request, sealed to the provider. Ephemeral key and initialization vector are the bytes d1, d2 ….',
    '',
    block('json', JSON.stringify(parties)),
    '',
    lines([
      ['Seal key of grid-qinchuan, private', hexOf(sealSeed)],
      ['public', hexOf(recipient)],
      ['protected header', Buffer.from(sealed.value.split('.')[0]!, 'base64url').toString('utf8')],
      ['JWE', sealed.value],
    ]),
  ].join('\n');
};
