import { expect } from 'chai';
import { idCheckCharacter, parseIdNumber } from '../../../gateway/domain/id-number.ts';
import { codeOf, valueIn } from '../../helpers/refusal.ts';
import vectors from '../../vectors/codes.json' with { type: 'json' };

describe('domain/id-number (GB 11643-1999)', () => {
  for (const number of vectors.idValid) {
    it(`accepts ${number}`, () => expect(valueIn(parseIdNumber(number))).to.equal(number));
  }
  for (const { code, refusal } of vectors.idInvalid) {
    it(`refuses ${code} with ${refusal}`, () => expect(codeOf(parseIdNumber(code))).to.equal(refusal));
  }
  it('normalises a small x', () => expect(valueIn(parseIdNumber('11010519491231002x'))).to.equal('11010519491231002X'));
  it('takes 29 February only in leap years', () => {
    const of = (born: string) => `619900${born}001`;
    expect(parseIdNumber(of('20000229') + idCheckCharacter(of('20000229'))).ok).to.equal(true);
    expect(codeOf(parseIdNumber(of('19000229') + idCheckCharacter(of('19000229'))))).to.equal('ID_NUMBER_DATE');
  });
  it('never repeats the number in its refusal', () => {
    for (const { code } of vectors.idInvalid) expect(JSON.stringify(parseIdNumber(code))).not.to.contain(code);
  });
  it('throws for what no number can begin with', () => expect(() => idCheckCharacter('12X')).to.throw(RangeError));
});
