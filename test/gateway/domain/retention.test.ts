import { expect } from 'chai';
import { erasableFrom, type RetentionRule, retentionInForce } from '../../../gateway/domain/retention.ts';

describe('domain/retention (rule 17)', () => {
  it('counts from the end of the month, by the rules in force on the day that is asked about', () => {
    expect(erasableFrom('2022-01', '2026-01-01')).to.equal('2025-02-01');
    expect(erasableFrom('2023-12', '2026-01-01')).to.equal('2027-01-01');
    expect(retentionInForce('2024-12-31')).to.have.length(1);
    expect(retentionInForce('2025-01-01').map(({ confirmed }) => confirmed)).to.deep.equal([true, false]);
    // Before any rule: as soon as the month is over.
    expect(erasableFrom('2021-09', '2021-10-31')).to.equal('2021-10-01');
  });

  it('takes the longest, and a rule that has ended no more', () => {
    const rule = (months: number, from: string, until?: string): RetentionRule => ({
      source: 'test',
      from,
      until,
      months,
      confirmed: true,
    });
    const rules = [rule(36, '2021-11-01'), rule(60, '2024-01-01', '2027-01-01')];
    expect(erasableFrom('2022-01', '2023-12-31', rules)).to.equal('2025-02-01');
    expect(erasableFrom('2022-01', '2024-01-01', rules)).to.equal('2027-02-01');
    expect(erasableFrom('2022-01', '2027-01-01', rules)).to.equal('2025-02-01');
  });
});
