import { expect } from 'chai';
import { bn254ScalarOrder, poseidonHash } from '../../../gateway/domain/poseidon.ts';
import { pseudonym } from '../../../gateway/domain/pseudonym.ts';
import { commitSubject, saltFromBytes, saltFromHex, saltToHex, subjectScalar } from '../../../gateway/domain/subject-commitment.ts';

const subject = { type: 'enterprise', code: '914403001922038216' } as const;

describe('domain/subject-commitment', () => {
  it('packs the code as big-endian ASCII with the number of its type', () => {
    const packed = [...subject.code].reduce((sum, character) => sum * 256n + BigInt(character.charCodeAt(0)), 0n);
    expect(subjectScalar(subject)).to.equal(poseidonHash([1n, packed]));
    expect(commitSubject(subject, 7n)).to.equal(saltToHex(poseidonHash([subjectScalar(subject), 7n])));
  });

  it('differs by type, code and salt', () => {
    const all = [
      commitSubject(subject, 1n),
      commitSubject(subject, 2n),
      commitSubject({ ...subject, type: 'cooperative' }, 1n),
      commitSubject({ ...subject, code: '91440300708461136T' }, 1n),
    ];
    expect(new Set(all).size).to.equal(4);
    for (const commitment of all) expect(BigInt(commitment) < bn254ScalarOrder).to.equal(true);
  });

  it('keeps salts in the field', () => {
    expect(saltFromHex(saltToHex(bn254ScalarOrder - 1n))).to.equal(bn254ScalarOrder - 1n);
    for (const bad of [saltToHex(bn254ScalarOrder), '0x1', `0x${'G'.repeat(64)}`]) expect(saltFromHex(bad)).to.equal(undefined);
    expect(saltFromBytes(new Uint8Array(48).fill(255)) < bn254ScalarOrder).to.equal(true);
    expect(() => saltFromBytes(new Uint8Array(32))).to.throw(RangeError);
  });

  it('refuses a code that would not fit', () => {
    for (const code of ['', 'x'.repeat(32), '信']) expect(() => subjectScalar({ type: 'farmer', code })).to.throw(RangeError);
  });
});

describe('domain/pseudonym', () => {
  it('depends on the secret, the type and the code', () => {
    const [a, b] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    const all = [
      pseudonym(subject, a),
      pseudonym(subject, b),
      pseudonym({ ...subject, type: 'farmer' }, a),
      pseudonym({ ...subject, code: 'x' }, a),
    ];
    expect(new Set(all).size).to.equal(4);
    for (const one of all) expect(one).to.match(/^[0-9a-f]{64}$/);
  });
});
