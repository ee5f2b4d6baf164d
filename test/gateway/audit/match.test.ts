import { expect } from 'chai';
import type { OpenedLeaf } from '../../../gateway/audit/leaf.ts';
import { checkServed, type Half, type MatchFacts, matchHalves } from '../../../gateway/audit/match.ts';
import type { UsageId } from '../../../gateway/domain/ids.ts';
import type { LeafStep } from '../../../gateway/domain/usage-leaf.ts';
import { bank, bytes32, provider } from '../../helpers/registry.ts';

const usageAt = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` as UsageId;
const consent = bytes32(0xc1);
const grant = bytes32(0xa1);
const shared = { subject: 's', staff: '王芳', grant, consent, dataset: 'fin-weihe.loan', fields: '["a"]', purpose: 'p', operation: 'raw' };
const leaf = (
  n: number,
  step: LeafStep,
  over: { values?: Record<string, string>; outcome?: string; block?: number; index?: number } = {},
): OpenedLeaf => ({
  index: over.index ?? n,
  leaf: { time: n, block: over.block ?? 10, step, outcome: over.outcome ?? 'ok', tag: null, commitments: {} },
  usage: usageAt(n),
  values: { usage: usageAt(n), counterparty: step === 'requested' || step === 'received' ? provider : bank, ...shared, ...over.values },
});
const consumer = (...leaves: OpenedLeaf[]): Half => ({ member: bank, leaves });
const served = (...leaves: OpenedLeaf[]): Half => ({ member: provider, leaves });
const nothing: MatchFacts = { withdrawnAt: () => undefined, maxUses: () => undefined, quota: () => undefined };

describe('audit/match', () => {
  it('finds nothing where both sides say the same', () => {
    const mine = consumer(
      leaf(1, 'requested'),
      leaf(1, 'received'),
      leaf(2, 'requested'),
      leaf(2, 'received', { outcome: 'CONSENT_WITHDRAWN' }),
    );
    expect(matchHalves(mine, served(leaf(1, 'served'), leaf(2, 'refused', { outcome: 'CONSENT_WITHDRAWN' })))).to.deep.equal([]);
  });
  it('does not blame anyone for a request that was never answered', () => {
    expect(
      matchHalves(consumer(leaf(1, 'requested'), leaf(1, 'received', { outcome: 'PEER_UNREACHABLE' }), leaf(2, 'requested')), served()),
    ).to.deep.equal([]);
  });
  it('names the provider that hides a serving', () => {
    expect(matchHalves(consumer(leaf(1, 'requested'), leaf(1, 'received')), served())).to.deep.equal([
      { kind: 'half-missing', usage: usageAt(1), member: provider, what: 'served' },
    ]);
  });
  it('names the consumer that hides a request', () => {
    expect(matchHalves(consumer(), served(leaf(1, 'served')))).to.deep.equal([
      { kind: 'half-missing', usage: usageAt(1), member: bank, what: 'requested' },
    ]);
    expect(matchHalves(consumer(leaf(1, 'received')), served(leaf(1, 'served'))).map(({ what }) => what)).to.deep.equal(['requested']);
  });
  it('names every value that differs', () => {
    const found = matchHalves(consumer(leaf(1, 'requested')), served(leaf(1, 'served', { values: { fields: '["a","b"]', purpose: 'q' } })));
    expect(found.map(({ kind, what }) => `${kind} ${what}`)).to.deep.equal(['differs fields', 'differs purpose']);
  });
  it('names a request logged against another counterparty', () => {
    const found = matchHalves(consumer(leaf(1, 'requested', { values: { counterparty: 'x' } })), served(leaf(1, 'served')));
    expect(found).to.deep.equal([{ kind: 'differs', usage: usageAt(1), member: bank, what: 'counterparty' }]);
  });
  it('names a usage that stands twice', () => {
    const found = matchHalves(consumer(leaf(1, 'requested')), served(leaf(1, 'served'), leaf(1, 'served', { index: 9 })));
    expect(found).to.deep.equal([{ kind: 'repeated', usage: usageAt(1), member: provider, what: 'served' }]);
  });
  it('leaves other counterparties to their own matching', () => {
    expect(matchHalves(consumer(), served(leaf(1, 'served', { values: { counterparty: 'bank-other' } })))).to.deep.equal([]);
    expect(
      matchHalves(
        consumer(leaf(1, 'requested', { values: { counterparty: 'x' } }), leaf(1, 'received', { values: { counterparty: 'x' } })),
        served(),
      ),
    ).to.deep.equal([]);
  });

  it('names what was served on a block at which the consent was withdrawn (rule 6)', () => {
    const facts = { ...nothing, withdrawnAt: (id: string) => (id === consent ? 12 : undefined) };
    const found = checkServed(
      served(leaf(1, 'served', { block: 11 }), leaf(2, 'served', { block: 12 }), leaf(3, 'refused', { block: 13 })),
      facts,
    );
    expect(found.map(({ kind, usage }) => [kind, usage])).to.deep.equal([['after-withdrawal', usageAt(2)]]);
  });
  it('names each use beyond the limit, counted for each dataset in the order of the log (rule 9)', () => {
    const elsewhere = { values: { dataset: 'fin-weihe.bill' } };
    const half = served(leaf(4, 'served'), leaf(1, 'served'), leaf(2, 'served'), leaf(3, 'served', elsewhere), leaf(5, 'refused'));
    expect(checkServed(half, { ...nothing, maxUses: () => 2 })).to.deep.equal([
      { kind: 'over-use', usage: usageAt(4), member: provider, what: '3 of 2' },
    ]);
    expect(checkServed(half, { ...nothing, quota: () => 3 }).map(({ kind, usage }) => [kind, usage])).to.deep.equal([
      ['over-quota', usageAt(4)],
    ]);
  });
  it('names a grant that is not written as it must be, and goes on', () => {
    for (const bad of ['x', '', '{"id":7}', `${grant}0`]) {
      const found = checkServed(served(leaf(1, 'served', { values: { grant: bad } })), { ...nothing, quota: () => 0 });
      expect(found).to.deep.equal([{ kind: 'malformed', usage: usageAt(1), member: provider, what: 'grant' }]);
    }
  });
  it('does not count what needed neither consent nor grant', () => {
    const open = leaf(1, 'served');
    const { consent: _, grant: __, ...values } = open.values;
    expect(checkServed(served({ ...open, values }), { withdrawnAt: () => 0, maxUses: () => 0, quota: () => 0 })).to.deep.equal([]);
  });
});
