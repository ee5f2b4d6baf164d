import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { expect } from 'chai';
import { CompactSign, compactVerify } from 'jose';
import { toBase64url, toHex } from '../../../gateway/domain/hash.ts';
import { privateKeyFrom, rawPublicKey, thumbprint } from '../../../gateway/domain/okp.ts';
import type { MemberKey } from '../../../gateway/domain/registry-state.ts';
import { peekClaims, verifyJws } from '../../../gateway/sealing/jws.ts';
import { codeOf, valueIn } from '../../helpers/refusal.ts';
import { signJws } from '../../helpers/sign-jws.ts';

const keyOf = (key: KeyObject, over: Partial<MemberKey> = {}): MemberKey => ({
  index: 0,
  purpose: 'sign',
  suite: 'ed25519',
  data: toHex(rawPublicKey(key)),
  fromBlock: 1,
  untilBlock: 0,
  ...over,
});
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');
const keys = [keyOf(other.publicKey), keyOf(publicKey, { index: 1 })];
const typ = 'xinshu-test+jws';
const claims = { v: 1, text: '信', nested: { a: [1, null] } };
const jws = signJws(privateKey, typ, claims);

/** A JWS with this header and payload, truly signed. */
const craft = async (header: object, payload: string | Uint8Array = JSON.stringify(claims)): Promise<string> => {
  const parts = [JSON.stringify(header), payload].map((part) => toBase64url(Buffer.from(part)));
  const { sign } = await import('node:crypto');
  return `${parts.join('.')}.${toBase64url(sign(null, Buffer.from(parts.join('.')), privateKey))}`;
};
const kid = thumbprint('Ed25519', rawPublicKey(publicKey));

describe('sealing/jws (RFC 7515, RFC 8037)', () => {
  it('signs as RFC 8037 appendix A.4 does, with the thumbprint of A.3', () => {
    const rfcKey = privateKeyFrom('Ed25519', Buffer.from('nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A', 'base64url'));
    const raw = rawPublicKey(rfcKey);
    expect(toBase64url(raw)).to.equal('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo');
    expect(thumbprint('Ed25519', raw)).to.equal('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
    const rfc =
      'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg';
    // The payload there is no JSON object and the header names neither type nor key: the right signature alone is not enough here.
    expect(codeOf(verifyJws(rfc, [keyOf(rfcKey)], typ))).to.equal('JWS_TYPE');
    return compactVerify(rfc, { kty: 'OKP', crv: 'Ed25519', x: toBase64url(raw) }).then(({ payload }) => {
      expect(Buffer.from(payload).toString()).to.equal('Example of Ed25519 signing');
    });
  });

  it('verifies what it signs, and says which key signed', () => {
    expect(valueIn(verifyJws(jws, keys, typ))).to.deep.equal({ claims, key: toHex(rawPublicKey(publicKey)) });
    expect(peekClaims(jws)).to.deep.equal(claims);
  });

  it('understands jose, and is understood by it', async () => {
    const theirs = await new CompactSign(Buffer.from(JSON.stringify(claims)))
      .setProtectedHeader({ alg: 'EdDSA', kid, typ })
      .sign(privateKey);
    expect(valueIn(verifyJws(theirs, keys, typ)).claims).to.deep.equal(claims);
    const { payload, protectedHeader } = await compactVerify(jws, publicKey);
    expect(JSON.parse(Buffer.from(payload).toString())).to.deep.equal(claims);
    expect(protectedHeader).to.deep.equal({ alg: 'EdDSA', kid, typ });
  });

  for (const [what, header, code] of [
    ['alg none', { alg: 'none', kid, typ }, 'JWS_ALGORITHM'],
    ['HS256', { alg: 'HS256', kid, typ }, 'JWS_ALGORITHM'],
    ['no alg', { kid, typ }, 'JWS_ALGORITHM'],
    ['crit', { alg: 'EdDSA', kid, typ, crit: ['exp'], exp: 1 }, 'JWS_CRITICAL'],
    ['an unencoded payload', { alg: 'EdDSA', kid, typ, b64: false }, 'JWS_CRITICAL'],
    ['another typ', { alg: 'EdDSA', kid, typ: 'JWT' }, 'JWS_TYPE'],
    ['no typ', { alg: 'EdDSA', kid }, 'JWS_TYPE'],
    ['no kid', { alg: 'EdDSA', typ }, 'JWS_KEY_UNKNOWN'],
    ['a kid of nobody', { alg: 'EdDSA', typ, kid: 'x' }, 'JWS_KEY_UNKNOWN'],
    ['the kid of another key', { alg: 'EdDSA', typ, kid: thumbprint('Ed25519', rawPublicKey(other.publicKey)) }, 'JWS_SIGNATURE'],
    ['an embedded key', { alg: 'EdDSA', typ, kid: 'x', jwk: publicKey.export({ format: 'jwk' }) }, 'JWS_KEY_UNKNOWN'],
  ] as const) {
    it(`refuses ${what} with ${code}`, async () => expect(codeOf(verifyJws(await craft(header), keys, typ))).to.equal(code));
  }

  it('refuses a payload that is no JSON object', async () => {
    const header = { alg: 'EdDSA', kid, typ };
    for (const payload of ['[]', '"x"', 'null', '{', Buffer.of(0x7b, 0xff, 0x7d)]) {
      expect(codeOf(verifyJws(await craft(header, payload), keys, typ))).to.equal('JWS_MALFORMED');
    }
  });

  it('refuses every altered byte of signature, payload and header', () => {
    const parts = jws.split('.');
    parts.forEach((part, place) => {
      const bytes = Buffer.from(part, 'base64url');
      for (let at = 0; at < bytes.length; at += 5) {
        const changed = Buffer.from(bytes);
        changed[at]! ^= 1;
        const altered = parts.map((one, index) => (index === place ? toBase64url(changed) : one)).join('.');
        expect(verifyJws(altered, keys, typ).ok).to.equal(false);
      }
    });
  });

  it('refuses what is not three parts of canonical base64url', () => {
    const [header, payload, signature] = jws.split('.') as [string, string, string];
    for (const bad of [
      '',
      'a.b',
      `${jws}.`,
      `${header}=.${payload}.${signature}`,
      `${header}.${payload}.${signature} `,
      `${header}.${payload}+.${signature}`,
    ]) {
      expect(codeOf(verifyJws(bad, keys, typ))).to.equal('JWS_MALFORMED');
    }
  });

  it('refuses keys of another purpose or suite, and none', () => {
    for (const none of [
      [],
      [keyOf(publicKey, { purpose: 'note' })],
      [keyOf(publicKey, { suite: 'sm2' })],
      [keyOf(publicKey, { data: '0x00' })],
    ]) {
      expect(codeOf(verifyJws(jws, none, typ))).to.equal('JWS_KEY_UNKNOWN');
    }
  });

  it('peeks at nothing that is no object', () => {
    for (const bad of ['', 'a', 'a.!', `a.${toBase64url(Buffer.from('[]'))}.b`]) expect(peekClaims(bad)).to.equal(undefined);
  });
});
