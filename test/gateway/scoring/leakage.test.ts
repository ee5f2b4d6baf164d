import { expect } from 'chai';
import fc from 'fast-check';
import type { ScorecardPart } from '../../../gateway/domain/scorecard-part.ts';
import { leakageOf } from '../../../gateway/scoring/leakage.ts';

const feature = (...points: number[]): ScorecardPart[number] => ({
  kind: 'category',
  bins: points.map((one, code) => ({ codes: [code], points: one })),
});

/** Every combination of bins, one by one. */
const totalsOf = (part: ScorecardPart): number[] =>
  part.reduce<number[]>((sums, { bins }) => [...new Set(sums.flatMap((sum) => bins.map(({ points }) => sum + points)))], [0]);
const naive = (parts: readonly ScorecardPart[]) => {
  const each = parts.map(totalsOf);
  const combinations = each.reduce<number[][]>((all, values) => all.flatMap((one) => values.map((value) => [...one, value])), [[]]);
  const totals = new Map<number, Set<number>[]>();
  for (const combination of combinations) {
    const total = combination.reduce((sum, value) => sum + value, 0);
    const seen = totals.get(total) ?? each.map(() => new Set<number>());
    combination.forEach((value, part) => {
      seen[part]!.add(value);
    });
    totals.set(total, seen);
  }
  const pins = [...totals.values()].map((seen) => seen.map(({ size }, part) => each[part]!.length > 1 && size === 1));
  return {
    attainable: totals.size,
    pinned: pins.filter((one) => one.some(Boolean)).length,
    byPart: parts.map((_, part) => pins.filter((one) => one[part]).length),
  };
};

describe('leakage of a model (design.md §7)', () => {
  it('is what trying every combination finds', () => {
    const part = fc.array(
      fc.array(fc.integer({ min: -6, max: 6 }), { minLength: 1, maxLength: 3 }).map((points) => feature(...points)),
      { minLength: 1, maxLength: 2 },
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 2, maxLength: 4 }), (parts) => {
        expect(leakageOf(parts)).to.deep.equal(naive(parts));
      }),
      { seed: 20260401 },
    );
  });

  it('shows a model that was built to extract: positional points give every part away', () => {
    const digits = [1, 10, 100].map((place) => [feature(...Array.from({ length: 8 }, (_, digit) => digit * place))]);
    expect(leakageOf(digits)).to.deep.equal({ attainable: 512, pinned: 512, byPart: [512, 512, 512] });
  });

  it('counts a missing value as a bin, and finds nothing in parts that say nothing', () => {
    const number: ScorecardPart = [{ kind: 'numeric', missing: -3, bins: [{ below: undefined, points: 4 }] }];
    expect(leakageOf([number, number])).to.deep.equal({ attainable: 3, pinned: 2, byPart: [2, 2] });
    expect(leakageOf([[feature(5)], [feature(-2)]])).to.deep.equal({ attainable: 1, pinned: 0, byPart: [0, 0] });
  });
});
