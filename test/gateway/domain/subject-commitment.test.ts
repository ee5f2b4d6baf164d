import { expect } from 'chai';
import { bn254ScalarOrder, poseidonHash } from '../../../gateway/domain/poseidon.ts';
import { pseudonym } from '../../../gateway/domain/pseudonym.ts';
import { commitSubject, saltFromBytes, saltFromHex, saltToHex, subjectScalar } from '../../../gateway/domain/subject-commitment.ts';

const subject = { type: 'enterprise', code: '914403001922038216' } as const;

describe('domain/poseidon (circomlib parameters)', () => {
  // test/poseidoncircuit.js and test/poseidon.js of circomlib and circomlibjs
  const known: readonly (readonly [readonly bigint[], bigint])[] = [
    [[1n], 18586133768512220936620570745912940619677854269274689475585506675881198879027n],
    [[1n, 2n], 7853200120776062878684798364095072458815029376092732009249414926327459813530n],
    [[1n, 2n, 3n, 4n], 18821383157269793795438455681495246036402687001665670618754263018637548127333n],
    [[1n, 2n, 0n, 0n, 0n], 1018317224307729531995786483840663576608797660851238720571059489595066344487n],
    [[3n, 4n, 0n, 0n, 0n], 5811595552068139067952687508729883632420015185677766880877743348592482390548n],
    [[1n, 2n, 3n, 4n, 5n, 6n], 20400040500897583745843009878988256314335038853985262692600694741116813247201n],
  ];
  for (const [inputs, expected] of known) {
    it(`hashes [${inputs.join(', ')}]`, () => expect(poseidonHash(inputs)).to.equal(expected));
  }

  it('takes 1 to 16 field elements and nothing else', () => {
    for (const inputs of [[], Array(17).fill(0n), [-1n], [bn254ScalarOrder]]) expect(() => poseidonHash(inputs)).to.throw(RangeError);
    expect(() => poseidonHash([bn254ScalarOrder - 1n])).not.to.throw();
  });
});

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
