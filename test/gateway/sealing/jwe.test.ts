import { diffieHellman } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { CompactEncrypt, compactDecrypt, importJWK } from 'jose';
import { fromBase64url, toBase64url, toHex } from '../../../gateway/domain/hash.ts';
import { privateKeyFrom, publicKeyFrom, rawPublicKey } from '../../../gateway/domain/okp.ts';
import {
  checkSeal,
  deriveContentKey,
  newOneTimeKey,
  openOneTime,
  openSealed,
  type SealPurpose,
  seal,
  sealEntropyLength,
  toOneTimePublicKey,
} from '../../../gateway/sealing/jwe.ts';
import { codeOf, valueIn } from '../../helpers/refusal.ts';

const seedOf = (byte: number) => new Uint8Array(32).fill(byte);
const entropy = Uint8Array.from({ length: sealEntropyLength }, (_, at) => at + 1);
const pair = newOneTimeKey(seedOf(3));
const stranger = newOneTimeKey(seedOf(4));
const purpose = { typ: 'xinshu-test+jwe', context: '0f8fad5b-d9cb-469f-a165-70867728950e' };
const plaintext = Buffer.from('{"text":"信"}');
const jwe = valueIn(seal(pair.publicKey, plaintext, purpose, entropy));
const key = pair.privateKey;

const withHeader = (change: (header: Record<string, unknown>) => object): string => {
  const [first, ...rest] = jwe.split('.') as [string, ...string[]];
  const header = JSON.parse(Buffer.from(first, 'base64url').toString()) as Record<string, unknown>;
  return [toBase64url(Buffer.from(JSON.stringify(change(header)))), ...rest].join('.');
};

describe('sealing/jwe (RFC 7516, RFC 7518 §4.6, RFC 8037)', () => {
  it('agrees as RFC 7748 §6.1 does', () => {
    const vector = {
      b: '5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb',
      A: '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a',
      B: 'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f',
      k: '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742',
    };
    const bob = privateKeyFrom('X25519', Buffer.from(vector.b, 'hex'));
    expect(Buffer.from(rawPublicKey(bob)).toString('hex')).to.equal(vector.B);
    const shared = diffieHellman({ privateKey: bob, publicKey: publicKeyFrom('X25519', Buffer.from(vector.A, 'hex')) });
    expect(shared.toString('hex')).to.equal(vector.k);
  });

  it('derives as RFC 7518 appendix C does', () => {
    const z = Uint8Array.of(
      158,
      86,
      217,
      29,
      129,
      113,
      53,
      211,
      114,
      131,
      66,
      131,
      191,
      132,
      38,
      156,
      251,
      49,
      110,
      163,
      218,
      128,
      106,
      72,
      246,
      218,
      167,
      121,
      140,
      254,
      144,
      196,
    );
    const derived = deriveContentKey(z, 'A128GCM', Buffer.from('Alice'), Buffer.from('Bob'), 128);
    expect(toBase64url(derived)).to.equal('VqqN6vgjbSBcIijNcacQGg');
  });

  it('opens what it seals, with the right key and purpose', () => {
    expect(Buffer.from(valueIn(openOneTime(pair.privateKey, jwe, purpose))).equals(plaintext)).to.equal(true);
    expect(Buffer.from(valueIn(openSealed(key, jwe))).equals(plaintext)).to.equal(true);
    const toRaw = valueIn(seal(toHex(fromBase64url(pair.publicKey.x)!), plaintext, purpose, entropy));
    expect(toRaw).to.equal(jwe);
  });

  it('understands jose, and is understood by it', async () => {
    const header = { alg: 'ECDH-ES', enc: 'A256GCM', typ: purpose.typ, ctx: purpose.context } as const;
    const theirs = await new CompactEncrypt(plaintext).setProtectedHeader(header).encrypt(await importJWK(pair.publicKey, 'ECDH-ES'));
    expect(Buffer.from(valueIn(openOneTime(pair.privateKey, theirs, purpose))).equals(plaintext)).to.equal(true);
    const secret = await importJWK({ ...pair.publicKey, d: toBase64url(pair.seed) }, 'ECDH-ES');
    expect(Buffer.from((await compactDecrypt(jwe, secret)).plaintext).equals(plaintext)).to.equal(true);
  });

  it('carries any bytes, and gives other text for other entropy', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.uint8Array({ minLength: 44, maxLength: 44 }), (bytes, random) => {
        const sealed = valueIn(seal(pair.publicKey, bytes, purpose, random));
        expect(Buffer.from(valueIn(openOneTime(pair.privateKey, sealed, purpose))).equals(bytes)).to.equal(true);
      }),
    );
    expect(
      valueIn(
        seal(
          pair.publicKey,
          plaintext,
          purpose,
          entropy.map((byte) => byte ^ 1),
        ),
      ),
    ).not.to.equal(jwe);
  });

  it('refuses the wrong key, context and type (rule 10)', () => {
    expect(codeOf(openOneTime(stranger.privateKey, jwe, purpose))).to.equal('SEAL_UNOPENABLE');
    expect(codeOf(openOneTime(pair.privateKey, jwe, { ...purpose, context: 'another' }))).to.equal('SEAL_CONTEXT');
    expect(codeOf(openOneTime(pair.privateKey, jwe, { ...purpose, typ: 'another' }))).to.equal('SEAL_TYPE');
    expect(codeOf(checkSeal(jwe, { ...purpose, context: '' }))).to.equal('SEAL_CONTEXT');
  });

  it('binds context and type: a header changed to fit does not open', () => {
    const changes: readonly (readonly [object, SealPurpose])[] = [
      [{ ctx: 'another' }, { ...purpose, context: 'another' }],
      [{ typ: 'another' }, { ...purpose, typ: 'another' }],
    ];
    for (const [change, asked] of changes) {
      const altered = withHeader((header) => ({ ...header, ...change }));
      expect(codeOf(openOneTime(pair.privateKey, altered, asked))).to.equal('SEAL_UNOPENABLE');
    }
  });

  for (const [what, change] of Object.entries({
    'another alg': { alg: 'dir' },
    'a wrapped key': { alg: 'ECDH-ES+A256KW' },
    'another enc': { enc: 'A128GCM' },
    compression: { zip: 'DEF' },
    crit: { crit: ['ctx'] },
    apu: { apu: 'QQ' },
    'another curve': { epk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } },
    'no epk': { epk: null },
  })) {
    it(`refuses ${what} with SEAL_ALGORITHM`, () => {
      expect(
        codeOf(
          openSealed(
            key,
            withHeader((header) => ({ ...header, ...change })),
          ),
        ),
      ).to.equal('SEAL_ALGORITHM');
    });
  }

  it('refuses what has not the form', () => {
    const [header, , iv, ciphertext, tag] = jwe.split('.') as [string, string, string, string, string];
    const wrong = [
      '',
      'a.b.c.d.e',
      [header, 'AAAA', iv, ciphertext, tag].join('.'),
      [header, '', iv, ciphertext].join('.'),
      [header, '', 'AAAA', ciphertext, tag].join('.'),
      [header, '', iv, ciphertext, 'AAAA'].join('.'),
      [header, '', iv, `${ciphertext}=`, tag].join('.'),
      withHeader((one) => ({ ...one, epk: { ...(one.epk as object), x: 'AAAA' } })),
      withHeader((one) => ({ ...one, ctx: 7 })),
    ];
    for (const one of wrong) expect(codeOf(openSealed(key, one)), one).to.equal('SEAL_MALFORMED');
  });

  it('refuses every altered byte', () => {
    const parts = jwe.split('.');
    [0, 2, 3, 4].forEach((place) => {
      const bytes = Buffer.from(parts[place]!, 'base64url');
      for (let at = 0; at < bytes.length; at += 3) {
        const changed = Buffer.from(bytes);
        changed[at]! ^= 1;
        const altered = parts.map((one, index) => (index === place ? toBase64url(changed) : one)).join('.');
        expect(openOneTime(pair.privateKey, altered, purpose).ok).to.equal(false);
      }
    });
  });

  it('refuses keys anyone could open: low order (RFC 7748 §6.1) or short', () => {
    for (const x of [new Uint8Array(32), Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? 1 : 0))]) {
      expect(codeOf(seal(toOneTimePublicKey(x), plaintext, purpose, entropy))).to.equal('SEAL_MALFORMED');
      expect(
        codeOf(
          openSealed(
            key,
            withHeader((header) => ({ ...header, epk: toOneTimePublicKey(x) })),
          ),
        ),
      ).to.equal('SEAL_UNOPENABLE');
    }
    expect(codeOf(seal(toOneTimePublicKey(new Uint8Array(31)), plaintext, purpose, entropy))).to.equal('SEAL_MALFORMED');
    expect(() => seal(pair.publicKey, plaintext, purpose, new Uint8Array(43))).to.throw(RangeError);
    expect(() => newOneTimeKey(new Uint8Array(31))).to.throw(RangeError);
  });
});
