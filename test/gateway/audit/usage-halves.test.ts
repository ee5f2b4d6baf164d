import { expect } from 'chai';
import type { Finding } from '../../../gateway/audit/finding.ts';
import {
  addHalf,
  expectedOf,
  type Half,
  isOpen,
  isSettled,
  isThere,
  missing,
  type UsageHalves,
} from '../../../gateway/audit/usage-halves.ts';
import type { MemberId, UsageId } from '../../../gateway/domain/ids.ts';
import type { LeafStep } from '../../../gateway/domain/usage-leaf.ts';
import { bank, provider } from '../../helpers/registry.ts';

const usage = '00000000-0000-4000-8000-000000000001' as UsageId;
const shared = {
  subject: 's',
  staff: '王芳',
  grant: 'g',
  consent: 'c',
  dataset: 'd',
  fields: '["a"]',
  purpose: 'p',
  operation: 'raw',
  price: '5',
};
type Over = Partial<Omit<Half, 'step' | 'values'>> & { readonly values?: Record<string, string> };
const half = (step: LeafStep, { values, ...over }: Over = {}): Half => {
  const asking = step === 'requested' || step === 'received';
  return {
    member: asking ? bank : provider,
    counterparty: asking ? provider : bank,
    index: 1,
    step,
    outcome: 'ok',
    block: 10,
    ...over,
    values: { ...shared, ...values },
  };
};

const all = (...list: readonly Half[]): { halves: UsageHalves; findings: Finding[]; lacking: string[] } => {
  let halves: UsageHalves = [];
  const findings: Finding[] = [];
  for (const one of list) {
    const added = addHalf(usage, halves, one);
    halves = added.halves;
    findings.push(...added.findings);
  }
  const lacking = expectedOf(halves).flatMap((expected) => (isThere(halves, expected) ? [] : [missing(usage, expected)]));
  return { halves, findings, lacking: lacking.map(({ member, what }) => `${member} ${what}`) };
};
const whats = (findings: readonly Finding[]): string[] => findings.map(({ kind, member, what }) => `${kind} ${member} ${what}`);

/** Logs are read in any order: what is found must not depend on it. */
const orders = <T>(list: readonly T[]): T[][] =>
  list.length < 2
    ? [[...list]]
    : list.flatMap((first, at) => orders(list.filter((_, other) => other !== at)).map((rest) => [first, ...rest]));
const inEveryOrder = (list: readonly Half[], findings: readonly string[], lacking: readonly string[] = []): void => {
  for (const order of orders(list)) {
    const got = all(...order);
    expect(whats(got.findings).sort(), order.map(({ step }) => step).join()).to.deep.equal([...findings].sort());
    expect(got.lacking.sort()).to.deep.equal([...lacking].sort());
  }
};

describe('audit/usage-halves', () => {
  it('finds nothing where both sides say the same, served or refused', () => {
    inEveryOrder([half('requested'), half('served'), half('received')], []);
    const refused = { outcome: 'CONSENT_WITHDRAWN' };
    inEveryOrder([half('requested'), half('refused', refused), half('received', refused)], []);
    expect(isSettled(all(half('requested'), half('served'), half('received')).halves)).to.equal(true);
  });

  it('takes a request that nobody answered, and an answer that did not arrive, as open and as no fraud', () => {
    for (const list of [[half('requested')], [half('requested'), half('served')]]) {
      inEveryOrder(list, []);
      expect(isOpen(all(...list).halves)).to.equal(true);
      expect(isSettled(all(...list).halves)).to.equal(false);
    }
    const own = half('requested', { outcome: 'GRANT_MISSING', counterparty: undefined });
    expect(isOpen(all(own).halves)).to.equal(false);
  });

  it('names the provider that hides a serving or a refusal', () => {
    inEveryOrder([half('requested'), half('received')], [], [`${provider} served`]);
    inEveryOrder([half('requested'), half('received', { outcome: 'GRANT_MISSING' })], [], [`${provider} served or refused`]);
  });

  it('names the consumer that hides a request', () => {
    inEveryOrder([half('served')], [], [`${bank} requested`]);
    inEveryOrder([half('served'), half('received')], [], [`${bank} requested`]);
  });

  it('names every value that differs, and who wrote the other one', () => {
    const values = { fields: '["a","b"]', purpose: 'q' };
    inEveryOrder([half('requested'), half('served', { values })], [`differs ${provider} fields`, `differs ${provider} purpose`]);
    inEveryOrder([half('requested'), half('served'), half('received', { values: { staff: 'x' } })], [`differs ${bank} staff`]);
  });

  it('compares prices of one block only: another block may have another price', () => {
    const values = { price: '6' };
    inEveryOrder([half('requested'), half('served', { values })], [`differs ${provider} price`]);
    inEveryOrder([half('requested'), half('served', { values, block: 11 })], []);
  });

  it('names a request logged against another counterparty', () => {
    inEveryOrder([half('requested', { counterparty: 'x' }), half('served')], [`differs ${bank} counterparty`]);
  });

  it('names a refusal that is another one on the other side', () => {
    const [said, heard] = [half('refused', { outcome: 'GRANT_MISSING' }), half('received', { outcome: 'GRANT_REVOKED' })];
    inEveryOrder([half('requested'), said, heard], [`differs ${provider} outcome`]);
    // The consumer's own word on an answer that does not hold, and the word of one who was served before he was refused.
    inEveryOrder([half('requested'), said, half('received', { outcome: 'ANSWER_MISMATCH' })], []);
    // Served first, refused when asked again: one log is read in its own order.
    const [asked, served, closed] = [half('requested'), half('served'), half('received', { outcome: 'USAGE_CLOSED' })];
    for (const order of orders([asked, served, said, closed]).filter((list) => list.indexOf(served) < list.indexOf(said)))
      expect(all(...order).findings).to.deep.equal([]);
  });

  it('names a step that stands twice, and keeps the first', () => {
    const got = all(half('requested'), half('served'), half('served', { index: 9, values: { purpose: 'q' } }));
    expect(whats(got.findings)).to.deep.equal([`repeated ${provider} served`]);
    expect(got.findings[0]!.entries.map(({ index }) => index)).to.deep.equal([1, 9]);
    expect(got.halves).to.have.length(2);
  });

  it('judges each pair of members by itself', () => {
    const other = 'fin-other' as MemberId;
    inEveryOrder([half('requested'), half('served'), half('received')], []);
    inEveryOrder([half('requested'), half('served', { member: other })], [`differs ${bank} counterparty`]);
  });
});
