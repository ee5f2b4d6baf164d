import { expect } from 'chai';
import fc from 'fast-check';
import { addDays, addMonths } from '../../../gateway/domain/calendar.ts';
import type { DatasetSchema, FieldRole, FieldSchema } from '../../../gateway/domain/dataset-schema.ts';
import { type RecordValues, type Serving, serve } from '../../../gateway/domain/serving-rules.ts';

const field = (name: string, type: FieldSchema['type'], role?: FieldRole): FieldSchema => ({
  name,
  zh: name,
  en: name,
  type,
  grade: 1,
  required: false,
  ...(role ? { role } : {}),
});
const schemaOf = (...fields: FieldSchema[]): DatasetSchema => ({
  id: 'x.y',
  kind: 'k',
  title: 't',
  titleZh: 't',
  grade: 1,
  shareClass: 'conditional',
  operations: ['raw'],
  priceFen: 0,
  updateCycle: 'daily',
  fields: [field('code', 'uscc', 'subject'), ...fields],
});
const firm = { type: 'enterprise', code: 'a' } as const;
const proprietor = { type: 'sole-proprietor', code: 'b' } as const;
const farmer = { type: 'farmer', code: 'c' } as const;
const serving: Serving = { subject: farmer, today: '2026-05-10', operation: 'raw', fields: ['overdueDays'] };

const loan = schemaOf(
  field('overdueDays', 'integer', 'adverse'),
  field('endedOn', 'date', 'eventEnd'),
  field('leniency', 'enum', 'leniency'),
  field('note', 'string', 'statement'),
);
const penalty = schemaOf(
  field('decidedOn', 'date', 'decidedOn'),
  field('until', 'date', 'publicUntil'),
  field('from', 'date', 'publicFrom'),
  field('severity', 'enum', 'severity'),
  field('kind', 'enum', 'penaltyKind'),
);

const outcome = (schema: DatasetSchema, record: RecordValues, change: Partial<Serving> = {}): string => {
  const [decision] = serve(schema, [record], { ...serving, ...change });
  return 'withheld' in decision! ? decision.withheld : 'served';
};

describe('domain/serving-rules', () => {
  describe('personal adverse information (rules 18 and 19: five years from the end of the event)', () => {
    const ended = (endedOn: string | null) => ({ overdueDays: 40, endedOn });
    for (const subject of [farmer, proprietor]) {
      it(`is served up to five years less a day, and withheld from five years on: ${subject.type}`, () => {
        expect(outcome(loan, ended('2021-05-11'), { subject })).to.equal('served');
        expect(outcome(loan, ended('2021-05-10'), { subject })).to.equal('period-ended');
        expect(outcome(loan, ended('2021-05-09'), { subject })).to.equal('period-ended');
      });
    }
    it('ends on 28 February when the event ended on a 29th', () => {
      expect(outcome(loan, ended('2020-02-29'), { today: '2025-02-27' })).to.equal('served');
      expect(outcome(loan, ended('2020-02-29'), { today: '2025-02-28' })).to.equal('period-ended');
      expect(outcome(loan, ended('2019-02-28'), { today: '2024-02-27' })).to.equal('served');
      expect(outcome(loan, ended('2019-02-28'), { today: '2024-02-28' })).to.equal('period-ended');
      expect(outcome(loan, ended('2019-03-01'), { today: '2024-02-29' })).to.equal('served');
    });
    it('never expires while the event goes on', () => {
      expect(outcome(loan, ended(null), { today: '2099-01-01' })).to.equal('served');
    });
    it('leaves what is not adverse alone', () => {
      expect(outcome(loan, { overdueDays: 0, endedOn: '2001-01-01' })).to.equal('served');
    });
    it('does not know the rule before it was in force (rule 50)', () => {
      expect(outcome(loan, ended('2001-01-01'), { today: '2013-03-14' })).to.equal('served');
      expect(outcome(loan, ended('2001-01-01'), { today: '2013-03-15' })).to.equal('period-ended');
    });
    it('holds for a dataset that is adverse as a whole', () => {
      expect(outcome(schemaOf(field('endedOn', 'date', 'eventEnd')), { endedOn: '2021-05-10' })).to.equal('period-ended');
    });
    it('is not the rule for enterprises (rule 20)', () => {
      expect(outcome(loan, ended('2001-01-01'), { subject: firm })).to.equal('served');
    });
  });

  describe('publicity (rules 20, 30 and 33)', () => {
    const of = (record: RecordValues, change: Partial<Serving> = {}) => outcome(penalty, record, { subject: firm, ...change });
    it('ends on the stated date', () => {
      expect(of({ until: '2026-05-11' })).to.equal('served');
      expect(of({ until: '2026-05-10' })).to.equal('period-ended');
    });
    for (const [severity, months] of [
      ['minor', 3],
      ['general', 12],
      ['serious', 36],
    ] as const) {
      it(`ends after ${months} months for ${severity}, from the date of the decision`, () => {
        const decidedOn = addMonths('2026-05-10', -months);
        expect(of({ decidedOn: addDays(decidedOn, 1), severity })).to.equal('served');
        expect(of({ decidedOn, severity })).to.equal('period-ended');
        expect(of({ decidedOn, severity, until: '2030-01-01' })).to.equal('period-ended');
      });
    }
    it('replays old days by the old rules (rule 50)', () => {
      const record = { decidedOn: '2025-01-10', severity: 'general', kind: 'fine' };
      expect(of(record, { today: '2026-03-31' })).to.equal('served');
      expect(of(record, { today: '2026-04-01' })).to.equal('period-ended');
      expect(of({ decidedOn: '2025-01-10', kind: 'criticism' }, { today: '2025-04-10' })).to.equal('period-ended');
      expect(of({ decidedOn: '2022-01-10', kind: 'fine' }, { today: '2025-01-10' })).to.equal('period-ended');
      expect(of({ decidedOn: '2010-01-10', kind: 'fine' }, { today: '2021-08-31' })).to.equal('served');
    });
    it('never shows a warning alone, and nothing before its publicity begins', () => {
      expect(of({ kind: 'warning' })).to.equal('not-public');
      expect(of({ kind: 'warning' }, { today: '2021-08-31' })).to.equal('served');
      expect(of({ from: '2026-05-11' })).to.equal('not-public');
      expect(of({ from: '2026-05-10' })).to.equal('served');
    });
    it('binds persons too', () => expect(of({ until: '2026-05-10' }, { subject: farmer })).to.equal('period-ended'));
  });

  it('leaves what the source marked as lenient out of scoring, and only there (rule 36)', () => {
    const record = { overdueDays: 40, endedOn: null, leniency: 'force-majeure' };
    expect(outcome(loan, record, { operation: 'score' })).to.equal('lenient');
    expect(outcome(loan, record)).to.equal('served');
    expect(outcome(loan, { ...record, leniency: null }, { operation: 'score' })).to.equal('served');
  });

  it('serves the authorized fields, and the subject’s statement with them (rule 21)', () => {
    const [decision] = serve(loan, [{ overdueDays: 1 }], { ...serving, fields: ['endedOn', 'overdueDays'] });
    expect(decision).to.deep.equal({ fields: ['overdueDays', 'endedOn', 'note'] });
  });

  it('decides each record on its own, in their order', () => {
    const records = [
      { overdueDays: 1, endedOn: '2000-01-01' },
      { overdueDays: 1, endedOn: null },
    ];
    expect(serve(loan, records, serving).map((one) => 'withheld' in one)).to.deep.equal([true, false]);
    expect(serve(loan, [], serving)).to.deep.equal([]);
  });

  it('never serves again what a period has ended', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3000, max: 0 }), fc.nat(3000), fc.nat(3000), (ended, a, b) => {
        const record = { overdueDays: 1, endedOn: addDays('2026-05-10', ended) };
        const [early, late] = [Math.min(a, b), Math.max(a, b)].map((days) => outcome(loan, record, { today: addDays('2026-05-10', days) }));
        if (early === 'period-ended') expect(late).to.equal('period-ended');
      }),
    );
  });
});
