import { expect } from 'chai';
import { startOfDay } from '../../../gateway/domain/calendar.ts';
import { type Purpose, purposeInForce, purposes } from '../../../gateway/domain/purposes.ts';
import { now } from '../../helpers/registry.ts';

describe('domain/purposes (rules 14 and 50)', () => {
  it('lists each code once at any time, fit for bytes32', () => {
    for (const { code } of purposes) {
      expect(code).to.match(/^[A-Za-z0-9.-]{1,31}$/);
      expect(purposeInForce(code, now)?.code).to.equal(code);
    }
  });
  it('knows nothing that is empty or unlisted', () => {
    for (const code of ['', ' ', 'curiosity', 'LOAN-APPROVAL']) expect(purposeInForce(code, now)).to.equal(undefined);
  });
  it('begins and ends at midnight in China, and a later row replaces an earlier', () => {
    const row = (zh: string, from: string, until?: string): Purpose => ({ code: 'x', zh, en: zh, from, until });
    const table = [row('old', '2020-01-01', '2026-04-01'), row('new', '2026-04-01')];
    const at = (seconds: number) => purposeInForce('x', seconds, table)?.zh;
    expect(at(startOfDay('2020-01-01') - 1)).to.equal(undefined);
    expect(at(startOfDay('2020-01-01'))).to.equal('old');
    expect(at(startOfDay('2026-04-01') - 1)).to.equal('old');
    expect(at(startOfDay('2026-04-01'))).to.equal('new');
  });
});
