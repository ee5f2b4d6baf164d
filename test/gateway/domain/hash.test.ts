import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import {
  equalBytes,
  fromBase64,
  fromBase64url,
  fromHex,
  hmacSha256,
  sha256,
  sha256Hex,
  toBase64,
  toBase64url,
  toHex,
} from '../../../gateway/domain/hash.ts';
import { keysInForce } from '../../../gateway/domain/member-keys.ts';
import { privateKeyFrom, publicKeyFrom, rawPublicKey } from '../../../gateway/domain/okp.ts';
import { signKey } from '../../helpers/registry.ts';

describe('domain/hash', () => {
  it('hashes as FIPS 180-4 and RFC 4231 say', () => {
    expect(sha256Hex('abc')).to.equal('0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(toHex(sha256(Buffer.from('abc')))).to.equal(sha256Hex('abc'));
    // RFC 4231 §4.3
    expect(toHex(hmacSha256(Buffer.from('Jefe'), 'what do ya want for nothing?'))).to.equal(
      '0x5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });
  it('reads back what it writes, views of buffers included', () => {
    const bytes = new Uint8Array(Buffer.from('00ff10fbff', 'hex').buffer.slice(0)).subarray(0, 5);
    const view = Buffer.from('xx信yy').subarray(2, 5);
    for (const one of [bytes, view, new Uint8Array(0)]) {
      expect(equalBytes(fromHex(toHex(one)), one)).to.equal(true);
      expect(equalBytes(fromBase64url(toBase64url(one))!, one)).to.equal(true);
      expect(equalBytes(fromBase64(toBase64(one))!, one)).to.equal(true);
    }
  });
  it('takes one spelling only', () => {
    for (const bad of ['00', '0x0', '0xgg', '0X00', '']) expect(() => fromHex(bad)).to.throw(RangeError);
    for (const bad of ['A', 'AB==', 'A+', 'AB', 'A B', 'AAAB=']) expect(fromBase64url(bad), bad).to.equal(undefined);
    for (const bad of ['AA', 'AB==', 'AA=', '*', 'AA==\n']) expect(fromBase64(bad), bad).to.equal(undefined);
  });
  it('compares by content', () => {
    expect(equalBytes(Uint8Array.of(1), Uint8Array.of(1))).to.equal(true);
    expect(equalBytes(Uint8Array.of(1), Uint8Array.of(2))).to.equal(false);
    expect(equalBytes(Uint8Array.of(1), Uint8Array.of(1, 1))).to.equal(false);
  });
});

describe('domain/okp (RFC 8037)', () => {
  it('takes raw keys and gives them back', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = rawPublicKey(publicKey);
    expect(raw.length).to.equal(32);
    expect(equalBytes(rawPublicKey(privateKey), raw)).to.equal(true);
    expect(publicKeyFrom('Ed25519', raw).equals(publicKey)).to.equal(true);
  });
  it('derives the public key of RFC 8032 §7.1, test 1', () => {
    const secret = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
    expect(Buffer.from(rawPublicKey(privateKeyFrom('Ed25519', secret))).toString('hex')).to.equal(
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    );
  });
  it('refuses other lengths and other kinds of keys', () => {
    for (const length of [0, 31, 33]) {
      expect(() => publicKeyFrom('X25519', new Uint8Array(length))).to.throw(RangeError);
      expect(() => privateKeyFrom('X25519', new Uint8Array(length))).to.throw(RangeError);
    }
    expect(() => rawPublicKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)).to.throw(RangeError);
  });
});

describe('domain/member-keys', () => {
  it('knows a key from its first block until before its last', () => {
    const key = { ...signKey, fromBlock: 5, untilBlock: 8 };
    const at = (block: number) => keysInForce([key], 'sign', block).length;
    expect([4, 5, 7, 8].map(at)).to.deep.equal([0, 1, 1, 0]);
    expect(keysInForce([signKey], 'sign', 1_000_000)).to.deep.equal([signKey]);
    expect(keysInForce([signKey], 'seal', 5)).to.deep.equal([]);
  });
});
