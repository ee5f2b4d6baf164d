import { expect } from 'chai';
import { type DrillFacts, type Entry, type Violation, violationsIn } from '../../../scripts/dev/drill/violations.ts';

const [bank, grid] = ['bank-changan', 'grid-qinchuan'];
const dataset = 'grid-qinchuan.electricity';
const entry = (index: number, step: string, usage: string, consent: string, more: Partial<Entry> = {}): Entry => ({
  index,
  step,
  usage,
  consent,
  dataset,
  outcome: 'ok',
  block: 10,
  ...more,
});

/** A run in order: u1 and u2 under a consent of two uses, u3 under one that is withdrawn in block 20. */
const passed: DrillFacts = {
  consumer: bank,
  delivered: [
    { usage: 'u1', consent: 'c1', dataset, provider: grid, response: 'r1', asked: 1 },
    { usage: 'u2', consent: 'c1', dataset, provider: grid, response: 'r2', asked: 2 },
    { usage: 'u2', consent: 'c1', dataset, provider: grid, response: 'r2', asked: 3 },
    { usage: 'u3', consent: 'c2', dataset, provider: grid, response: 'r3', asked: 4 },
  ],
  refused: [
    { usage: 'u4', consent: 'c1', dataset, code: 'CONSENT_USED_UP', repeat: false },
    { usage: 'u5', consent: 'c2', dataset, code: 'CONSENT_WITHDRAWN', repeat: false },
    { usage: 'u1', consent: 'c1', dataset, code: 'USAGE_CLOSED', repeat: true },
  ],
  unanswered: [],
  consents: [
    { id: 'c1', maxUses: 2 },
    { id: 'c2', maxUses: 100, withdrawn: { block: 20, known: 9 } },
  ],
  logs: [
    {
      member: bank,
      anchoredSize: 7,
      entries: [
        ...['u1', 'u2', 'u3'].flatMap((usage, place) => [
          entry(2 * place, 'requested', usage, usage === 'u3' ? 'c2' : 'c1'),
          entry(2 * place + 1, 'received', usage, usage === 'u3' ? 'c2' : 'c1'),
        ]),
        entry(6, 'requested', 'u5', 'c2', { outcome: 'CONSENT_WITHDRAWN', block: 21 }),
      ],
    },
    {
      member: grid,
      anchoredSize: 4,
      entries: [
        entry(0, 'served', 'u1', 'c1'),
        entry(1, 'served', 'u2', 'c1'),
        entry(2, 'served', 'u3', 'c2', { block: 19 }),
        entry(3, 'refused', 'u4', 'c1', { outcome: 'CONSENT_USED_UP' }),
      ],
    },
  ],
  counts: [
    { member: grid, consent: 'c1', dataset, count: 2 },
    { member: grid, consent: 'c2', dataset, count: 1 },
  ],
  findings: [],
};

const log = (member: string, change: (entries: readonly Entry[]) => readonly Entry[], anchoredSize?: number): DrillFacts => ({
  ...passed,
  logs: passed.logs.map((one) =>
    one.member === member ? { ...one, entries: change(one.entries), anchoredSize: anchoredSize ?? one.anchoredSize } : one,
  ),
});
const without = (usage: string, step: string) => (entries: readonly Entry[]) =>
  entries.filter((one) => one.usage !== usage || one.step !== step);
const changed = (usage: string, step: string, more: Partial<Entry>) => (entries: readonly Entry[]) =>
  entries.map((one) => (one.usage === usage && one.step === step ? { ...one, ...more } : one));

/** One fact made wrong, and the kinds of violation that must come of it. */
const planted: Readonly<Record<string, readonly [DrillFacts, readonly Violation['kind'][]]>> = {
  'an answer that the provider did not log': [log(grid, without('u1', 'served')), ['not-in-log', 'count-differs', 'refused-wrongly']],
  'an answer whose receipt the consumer did not log': [log(bank, without('u2', 'received')), ['not-in-log']],
  'an answer that the consumer never logged a request of': [log(bank, without('u2', 'requested')), ['not-in-log']],
  'an answer that a log calls refused': [log(bank, changed('u2', 'received', { outcome: 'ANSWER_MISMATCH' })), ['not-in-log']],
  'a usage logged twice, and counted twice': [
    {
      ...log(grid, (entries) => [...entries, entry(4, 'served', 'u3', 'c2')], 5),
      counts: passed.counts.map((one) => (one.consent === 'c2' ? { ...one, count: 2 } : one)),
    },
    ['logged-twice'],
  ],
  'a usage counted twice and logged once': [
    { ...passed, counts: passed.counts.map((one) => (one.consent === 'c2' ? { ...one, count: 2 } : one)) },
    ['count-differs'],
  ],
  'a usage served and not counted': [
    { ...passed, counts: passed.counts.map((one) => (one.consent === 'c2' ? { ...one, count: 0 } : one)) },
    ['count-differs'],
  ],
  'more uses than allowed': [
    { ...passed, consents: passed.consents.map((one) => (one.id === 'c1' ? { ...one, maxUses: 1 } : one)) },
    ['over-use', 'refused-wrongly'],
  ],
  'an entry under no anchor': [log(grid, (entries) => entries, 3), ['not-anchored']],
  'served in the very block of the withdrawal': [log(grid, changed('u3', 'served', { block: 20 })), ['served-after-withdrawal']],
  'served after the withdrawal': [log(grid, changed('u3', 'served', { block: 27 })), ['served-after-withdrawal']],
  'delivered once more after the withdrawal': [
    { ...passed, delivered: [...passed.delivered, { ...passed.delivered[3]!, asked: 10 }] },
    ['delivered-after-withdrawal'],
  ],
  'another answer to the same usage': [
    { ...passed, delivered: [...passed.delivered, { ...passed.delivered[0]!, response: 'r9' }] },
    ['answer-changed'],
  ],
  'refused under a consent with uses left': [
    { ...passed, refused: [{ usage: 'u6', consent: 'c2', dataset, code: 'CONSENT_USED_UP', repeat: false }] },
    ['refused-wrongly'],
  ],
  'refused as withdrawn when it was not': [
    { ...passed, refused: [{ usage: 'u6', consent: 'c1', dataset, code: 'CONSENT_WITHDRAWN', repeat: false }] },
    ['refused-wrongly'],
  ],
  'closed before it was ever answered': [
    { ...passed, refused: [{ usage: 'u6', consent: 'c1', dataset, code: 'USAGE_CLOSED', repeat: false }] },
    ['refused-wrongly'],
  ],
  'an error inside': [
    { ...passed, refused: [{ usage: 'u6', consent: 'c1', dataset, code: 'INTERNAL', repeat: false }] },
    ['refused-wrongly'],
  ],
  'a usage that nothing was ever heard of': [{ ...passed, unanswered: ['u7'] }, ['unanswered']],
  'a finding of the audit': [{ ...passed, findings: [{ kind: 'half-missing' }] }, ['audit-finding']],
  'a run in which nothing happened': [{ ...passed, delivered: [], refused: [] }, ['nothing-happened']],
};

describe('kill drill: what must not be', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(violationsIn(passed)).to.deep.equal([]);
  });

  for (const [what, [facts, kinds]] of Object.entries(planted)) {
    it(`finds ${what}`, () => {
      expect([...new Set(violationsIn(facts).map(({ kind }) => kind))]).to.have.members(kinds);
    });
  }
});
