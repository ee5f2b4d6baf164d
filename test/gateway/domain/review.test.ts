import { expect } from 'chai';
import { checkReview, samePerson } from '../../../gateway/domain/review.ts';
import { codeOf } from '../../helpers/refusal.ts';

describe('domain/review (rule 15)', () => {
  it('asks for a second person from grade 3 on', () => {
    for (const grade of [1, 2] as const) expect(checkReview(grade, 'a', null).ok).to.equal(true);
    for (const grade of [3, 4, 5] as const) {
      expect(codeOf(checkReview(grade, 'a', null))).to.equal('REVIEW_REQUIRED');
      expect(codeOf(checkReview(grade, 'a', '  '))).to.equal('REVIEW_REQUIRED');
      expect(codeOf(checkReview(grade, 'a', 'A'))).to.equal('REVIEW_SAME_PERSON');
      expect(checkReview(grade, 'a', 'b').ok).to.equal(true);
    }
  });
  it('knows a person by name, whatever its spacing, case and width', () => {
    for (const other of ['wang fang', ' Wang  Fang', 'WANGFANG', 'Ｗａｎｇ　Ｆａｎｇ', 'Wang\u00a0Fang'])
      expect(samePerson('Wang Fang', other), other).to.equal(true);
    expect(samePerson('王芳', '王 芳')).to.equal(true);
    expect(samePerson('王芳', '王方')).to.equal(false);
  });
});
