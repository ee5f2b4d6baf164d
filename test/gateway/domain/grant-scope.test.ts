import { expect } from 'chai';
import fc from 'fast-check';
import { startOfDay } from '../../../gateway/domain/calendar.ts';
import { checkScope, scopeWithin } from '../../../gateway/domain/grant-scope.ts';
import type { Dataset, GrantScope } from '../../../gateway/domain/registry-state.ts';
import { codeOf } from '../../helpers/gateway-network.ts';

const now = startOfDay('2026-06-01');
const dataset = {
  id: 'grid.test',
  operations: ['raw', 'score'],
  fields: [
    { name: 'period', grade: 1 },
    { name: 'kWh', grade: 1 },
  ],
} as unknown as Dataset;
const scope: GrantScope = {
  fields: ['period', 'kWh'],
  purposes: ['loan-approval'],
  operations: ['raw'],
  notBefore: now,
  notAfter: now + 60,
  quota: 10,
};

describe('grant scope', () => {
  it('takes a scope that fits the dataset and the purposes in force', () => {
    expect(checkScope(scope, dataset, now)).to.deep.equal({ ok: true, value: scope });
  });

  for (const [what, change, code] of [
    ['no field', { fields: [] }, 'SCOPE_INVALID'],
    ['a field twice', { fields: ['kWh', 'kWh'] }, 'SCOPE_INVALID'],
    ['an unknown field', { fields: ['kWh', 'owner'] }, 'FIELD_UNKNOWN'],
    ['an unlisted purpose', { purposes: ['curiosity'] }, 'PURPOSE_UNKNOWN'],
    ['an operation not offered', { operations: ['sandbox'] }, 'OPERATION_NOT_ALLOWED'],
    ['an end before its beginning', { notBefore: now + 60, notAfter: now + 60 }, 'SCOPE_INVALID'],
    ['an end that has passed', { notBefore: now - 60, notAfter: now }, 'SCOPE_INVALID'],
  ] as const)
    it(`refuses ${what}`, () => expect(codeOf(checkScope({ ...scope, ...change } as GrantScope, dataset, now))).to.equal(code));

  it('knows a narrower scope from a wider one in each part', () => {
    expect(scopeWithin(scope, scope).ok).to.equal(true);
    const wider: Partial<GrantScope>[] = [
      { fields: ['period', 'kWh', 'peakKw'] },
      { purposes: ['loan-approval', 'loan-monitoring'] },
      { operations: ['raw', 'score'] },
      { notBefore: now - 1 },
      { notAfter: now + 61 },
      { quota: 11 },
      { quota: 0 },
    ];
    for (const change of wider)
      expect(codeOf(scopeWithin({ ...scope, ...change }, scope)), JSON.stringify(change)).to.equal('SCOPE_BEYOND_REQUEST');
    expect(scopeWithin({ ...scope, quota: 1 }, { ...scope, quota: 0 }).ok).to.equal(true);
  });

  it('is transitive: what lies within an inner scope lies within the outer', () => {
    const words = ['a', 'b', 'c', 'd'];
    const any = fc.record({
      fields: fc.subarray(words),
      purposes: fc.subarray(words),
      operations: fc.subarray(['raw', 'score', 'verify', 'sandbox'] as const),
      notBefore: fc.nat(3),
      notAfter: fc.nat(3),
      quota: fc.nat(3),
    }) as fc.Arbitrary<GrantScope>;
    fc.assert(
      fc.property(any, any, any, (a, b, c) => !(scopeWithin(a, b).ok && scopeWithin(b, c).ok) || scopeWithin(a, c).ok),
      { numRuns: 5000 },
    );
  });
});
