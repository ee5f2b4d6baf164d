import { expect } from 'chai';
import { startOfDay } from '../../../gateway/domain/calendar.ts';
import { isNaturalPerson, isPersonal, parseSubject, type SubjectType, sameSubject, subjectTypes } from '../../../gateway/domain/subject.ts';
import { withCheckCharacter } from '../../../gateway/domain/uscc.ts';
import { codeOf, valueIn } from '../../helpers/refusal.ts';

const codeWith = (prefix: string) => withCheckCharacter(`${prefix}619900MA0000001`);

describe('domain/subject', () => {
  it('gives each type a number of its own', () => {
    const numbers = Object.values(subjectTypes).map(({ number }) => number);
    expect(new Set(numbers).size).to.equal(numbers.length);
  });

  it('accepts each type with each of its prefixes, and refuses it with every other (rule 38)', () => {
    const all = Object.values(subjectTypes).flatMap(({ code }) => (code === 'id-number' ? [] : [...code.uscc]));
    for (const [type, { code }] of Object.entries(subjectTypes)) {
      if (code === 'id-number') continue;
      for (const prefix of all) {
        const parsed = parseSubject(type, codeWith(prefix));
        if ((code.uscc as readonly string[]).includes(prefix)) expect(valueIn(parsed)).to.deep.equal({ type, code: codeWith(prefix) });
        else expect(codeOf(parsed)).to.equal('SUBJECT_TYPE_MISMATCH');
      }
    }
  });

  it('finds persons by their identification number', () => {
    for (const type of ['farmer', 'key-professional', 'natural-person']) {
      expect(valueIn(parseSubject(type, '11010519491231002x'))).to.deep.equal({ type, code: '11010519491231002X' });
      expect(codeOf(parseSubject(type, codeWith('91')))).to.equal('ID_NUMBER_CHARACTER');
    }
    expect(codeOf(parseSubject('enterprise', '11010519491231002X'))).to.equal('USCC_CHECK');
  });

  it('refuses a type that is not listed, inherited names too', () => {
    for (const type of ['', 'bank', 'constructor', '__proto__'])
      expect(codeOf(parseSubject(type, codeWith('91')))).to.equal('SUBJECT_TYPE_UNKNOWN');
  });

  it('knows a type only while it is in force (rule 50)', () => {
    const from = startOfDay('2015-10-01');
    expect(parseSubject('enterprise', codeWith('91'), from).ok).to.equal(true);
    expect(codeOf(parseSubject('enterprise', codeWith('91'), from - 1))).to.equal('SUBJECT_TYPE_UNKNOWN');
  });

  it('treats sole proprietors as personal, though they have a USCC', () => {
    const subject = (type: SubjectType) => ({ type, code: '' });
    expect(isPersonal(subject('sole-proprietor'))).to.equal(true);
    expect(isNaturalPerson(subject('sole-proprietor'))).to.equal(false);
    expect(isPersonal(subject('farmer')) && isNaturalPerson(subject('farmer'))).to.equal(true);
    expect(isPersonal(subject('enterprise'))).to.equal(false);
  });

  it('compares by type and code', () => {
    expect(sameSubject({ type: 'farmer', code: 'a' }, { type: 'farmer', code: 'a' })).to.equal(true);
    expect(sameSubject({ type: 'farmer', code: 'a' }, { type: 'natural-person', code: 'a' })).to.equal(false);
  });
});
