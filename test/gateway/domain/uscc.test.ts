import { expect } from 'chai';
import fc from 'fast-check';
import { checkCharacter, organisationCheckCharacter, parseUscc, withCheckCharacter } from '../../../gateway/domain/uscc.ts';
import { codeOf, valueIn } from '../../helpers/refusal.ts';
import vectors from '../../vectors/codes.json' with { type: 'json' };

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const characters = (count: number, from = alphabet) => fc.string({ unit: fc.constantFrom(...from), minLength: count, maxLength: count });
const first17 = fc.tuple(characters(2), characters(6, '0123456789'), characters(9)).map((parts) => parts.join(''));

describe('domain/uscc (GB 32100-2015)', () => {
  for (const { code, region, innerCheckFits } of vectors.usccValid) {
    it(`accepts ${code}`, () => {
      const uscc = valueIn(parseUscc(code));
      expect(uscc).to.include({ code, region, department: '9', category: '1', organisationCode: code.slice(8, 17) });
      if (innerCheckFits !== undefined) expect(uscc.innerCheckFits).to.equal(innerCheckFits);
    });
  }
  for (const { code, refusal } of vectors.usccInvalid) {
    it(`refuses '${code}' with ${refusal}`, () => {
      expect(codeOf(parseUscc(code))).to.equal(refusal);
    });
  }

  it('normalises white space, case and width before it checks', () => {
    expect(valueIn(parseUscc(' 91440300708461136t\n')).code).to.equal('91440300708461136T');
    expect(valueIn(parseUscc('９１４４０３００７０８４６１１３６Ｔ')).code).to.equal('91440300708461136T');
    expect(valueIn(parseUscc('　914403001922038216　')).code).to.equal('914403001922038216');
    expect(codeOf(parseUscc('⑨14403001922038216'))).to.equal('USCC_CHARACTER');
  });

  it('takes an organisation code that fails its own check as a warning only', () => {
    const code = withCheckCharacter('91619900MA0000000');
    expect(organisationCheckCharacter('MA000000')).not.to.equal('0');
    expect(valueIn(parseUscc(code)).innerCheckFits).to.equal(false);
  });

  it('counts an organisation code with 11 as 0 and 10 as X (GB 11714)', () => {
    expect(organisationCheckCharacter('19220382')).to.equal('1');
    const found = new Set(Array.from({ length: 200 }, (_, n) => organisationCheckCharacter(String(n).padStart(8, '0'))));
    expect([...found].sort().join('')).to.equal('0123456789X');
  });

  it('accepts what it completes, and refuses any other last character', () => {
    fc.assert(
      fc.property(first17, characters(1), (first, other) => {
        const code = withCheckCharacter(first);
        expect(valueIn(parseUscc(code)).code).to.equal(code);
        if (other !== code[17]) expect(codeOf(parseUscc(first + other))).to.equal('USCC_CHECK');
      }),
    );
  });

  it('finds every single wrong character', () => {
    fc.assert(
      fc.property(first17, fc.nat(16), characters(1), (first, place, other) => {
        fc.pre(other !== first[place]);
        const code = withCheckCharacter(first);
        expect(parseUscc(code.slice(0, place) + other + code.slice(place + 1)).ok).to.equal(false);
      }),
    );
  });

  it('throws for what no code can begin with', () => {
    expect(() => checkCharacter('123')).to.throw(RangeError);
    expect(() => checkCharacter('91619900MA000000I')).to.throw(RangeError);
    expect(() => organisationCheckCharacter('MA00000')).to.throw(RangeError);
  });
});
