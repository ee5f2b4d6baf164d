import { expect } from 'chai';
import { addDays, addMonths, chinaDate, isCalendarDate, startOfDay } from '../../../gateway/domain/calendar.ts';

describe('domain/calendar', () => {
  it('knows which dates exist', () => {
    for (const date of ['2024-02-29', '2000-02-29', '1949-12-31']) expect(isCalendarDate(date), date).to.equal(true);
    for (const date of ['2023-02-29', '1900-02-29', '2023-13-01', '2023-00-10', '2023-04-31', '2023-4-1', '20230401', '0999-01-01', ''])
      expect(isCalendarDate(date), date).to.equal(false);
  });
  it('counts days in China', () => {
    const midnight = startOfDay('2026-04-01');
    expect(new Date(midnight * 1000).toISOString()).to.equal('2026-03-31T16:00:00.000Z');
    expect(chinaDate(midnight)).to.equal('2026-04-01');
    expect(chinaDate(midnight - 1)).to.equal('2026-03-31');
  });
  it('adds months, falling back to the last day of a shorter one', () => {
    expect(addMonths('2020-02-29', 60)).to.equal('2025-02-28');
    expect(addMonths('2024-02-29', 48)).to.equal('2028-02-29');
    expect(addMonths('2024-01-31', 1)).to.equal('2024-02-29');
    expect(addMonths('2024-11-30', 3)).to.equal('2025-02-28');
    expect(addMonths('2024-03-15', -3)).to.equal('2023-12-15');
  });
  it('adds days over ends of months and years', () => {
    expect(addDays('2024-02-28', 1)).to.equal('2024-02-29');
    expect(addDays('2025-01-01', -1)).to.equal('2024-12-31');
  });
});
