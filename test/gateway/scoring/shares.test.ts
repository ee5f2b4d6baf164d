import { expect } from 'chai';
import fc from 'fast-check';
import { leastPoints, maxFeatures, mostPoints } from '../../../gateway/domain/scorecard-part.ts';
import { G, H, multiply, subgroupOrder, toScalar } from '../../../gateway/scoring/babyjubjub.ts';
import { checkDeal, checkShare } from '../../../gateway/scoring/check-deal.ts';
import { combineSums } from '../../../gateway/scoring/combine-sums.ts';
import { type Deal, dealEntropyLength, dealShares, type Share, splitPoints, sumShares } from '../../../gateway/scoring/deal-shares.ts';
import { refusalOf } from '../../helpers/refusal.ts';
import { seededRandomness } from '../../helpers/seeded-randomness.ts';

const random = seededRandomness('shares');
const deal = (points: number, count: number): Deal => dealShares(points, count, random.bytes(dealEntropyLength(count)));
const dealAll = (points: readonly number[]): Deal[] => points.map((one) => deal(one, points.length));
/** What provider j opens: the sum of the shares it got. */
const sumsOf = (deals: readonly Deal[]): Share[] => deals.map((_, j) => sumShares(deals.map(({ shares }) => shares[j]!)));

const [least, most] = [maxFeatures * leastPoints, maxFeatures * mostPoints];
const someParties = fc.array(fc.integer({ min: least, max: most }), { minLength: 2, maxLength: 5 });

describe('shares of points (design.md §7, steps 4 and 5)', () => {
  it('give the total of all points, negative ones too, and its blinding', () => {
    fc.assert(
      fc.property(someParties, (points) => {
        const deals = dealAll(points);
        for (const one of deals) {
          expect(checkDeal(one, points.length).ok).to.equal(true);
          one.shares.forEach((share, j) => {
            expect(checkShare(one.shareCommitments[j]!, share).ok).to.equal(true);
          });
        }
        const total = combineSums(deals, sumsOf(deals));
        expect(total.ok && total.value.points).to.equal(points.reduce((sum, one) => sum + one, 0));
      }),
      { numRuns: 8, seed: 20260401 },
    );
  });

  it('hold at the ends of the range', () => {
    for (const points of [least, most, 0]) {
      const deals = dealAll([points, points, points]);
      const total = combineSums(deals, sumsOf(deals));
      expect(total.ok && total.value.points).to.equal(3 * points);
    }
  });

  it('name who deals what does not add up', () => {
    const honest = deal(17, 3);
    const moved = { ...honest, shareCommitments: honest.shareCommitments.map((point, j) => (j === 1 ? point.add(G) : point)) };
    expect(refusalOf(checkDeal(moved, 3))).to.deep.include({ code: 'SCORE_DEAL_INVALID', detail: { reason: 'sum of the shares' } });
    expect(refusalOf(checkDeal({ ...honest, commitment: honest.commitment.add(H) }, 3)).code).to.equal('SCORE_DEAL_INVALID');
    expect(refusalOf(checkDeal({ ...honest, shareCommitments: honest.shareCommitments.slice(1) }, 3)).detail).to.deep.equal({
      reason: 'number of shares',
      expected: 3,
      given: 2,
    });
  });

  it('name who sends a share it did not commit to', () => {
    const { shares, shareCommitments } = deal(-5, 3);
    const [share] = shares as [Share];
    for (const wrong of [
      { ...share, value: toScalar(share.value + 1n) },
      { ...share, blinding: toScalar(share.blinding + 1n) },
      shares[1]!,
      { value: share.blinding, blinding: share.value },
    ])
      expect(refusalOf(checkShare(shareCommitments[0]!, wrong)).code).to.equal('SCORE_SHARE_INVALID');
  });

  it('name who opens a sum of something else, and who opens none', () => {
    const deals = dealAll([10, -20, 30]);
    const sums = sumsOf(deals);
    const change = (j: number, one: Share) => sums.map((sum, at) => (at === j ? one : sum));
    for (const j of [0, 1, 2]) {
      const { value, blinding } = sums[j]!;
      for (const wrong of [{ value: toScalar(value + 1n), blinding }, { value, blinding: toScalar(blinding - 1n) }, deals[0]!.shares[j]!])
        expect(refusalOf(combineSums(deals, change(j, wrong)))).to.deep.include({ code: 'SCORE_SUM_INVALID', detail: { provider: j } });
    }
    expect(refusalOf(combineSums(deals, sums.slice(0, 2))).detail).to.deep.equal({ provider: 2 });
  });

  it('give no total that no scorecard could give', () => {
    for (const points of [[most + 1], [least - 1]]) {
      const deals = dealAll(points);
      expect(refusalOf(combineSums(deals, sumsOf(deals))).code).to.equal('SCORE_TOTAL_OUT_OF_RANGE');
    }
  });

  it('take as much entropy as they say, and no other', () => {
    expect(() => dealShares(1, 3, new Uint8Array(dealEntropyLength(3) - 1))).to.throw(RangeError);
  });
});

describe('what shares give away', () => {
  const count = 4;
  const runs = 1500;
  const buckets = 16;

  /** Pearson's statistic of how often the top bits fall into each bucket; with 15 degrees of freedom it is above 44.3 once in 10,000 for uniform values. */
  const chiSquared = (values: readonly bigint[]): number => {
    const counts = new Array<number>(buckets).fill(0);
    for (const value of values) counts[Number((value * BigInt(buckets)) / subgroupOrder)]! += 1;
    const expected = values.length / buckets;
    return counts.reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
  };
  const limit = 44.3;

  const sharesOf = (points: number): readonly Share[] => splitPoints(points, count, random.bytes(dealEntropyLength(count))).shares;

  it('each share is uniform, whatever the points: alone it says nothing', () => {
    for (const points of [least, 0, most]) {
      const runsOf = Array.from({ length: runs }, () => sharesOf(points));
      for (let j = 0; j < count; j += 1) {
        expect(chiSquared(runsOf.map((shares) => shares[j]!.value)), `share ${j}`).to.be.lessThan(limit);
        expect(chiSquared(runsOf.map((shares) => shares[j]!.blinding)), `blinding ${j}`).to.be.lessThan(limit);
      }
    }
  });

  it('all but one of a deal are as likely for any other points', () => {
    const { shares } = deal(123, count);
    for (const other of [least, 0, most]) {
      const known = shares.slice(1);
      const missing = { value: toScalar(BigInt(other) - sumShares(known).value), blinding: 0n };
      expect(sumShares([missing, ...known]).value).to.equal(toScalar(BigInt(other)));
    }
  });

  it('what the consumer sees follows from the total alone: a simulator that knows nothing else makes it', () => {
    const points = [40, -15, 8];
    const total = points.reduce((sum, one) => sum + one, 0);
    // The simulator chooses everything but the last provider's deal freely, and makes that fit the total.
    const guessed = [0, 0, total];
    const [real, simulated] = [dealAll(points), dealAll(guessed)];
    for (const deals of [real, simulated]) {
      const sums = sumsOf(deals);
      for (const one of deals) expect(checkDeal(one, points.length).ok).to.equal(true);
      const combined = combineSums(deals, sums);
      expect(combined.ok && combined.value.points).to.equal(total);
    }
  });

  it('a commitment opens to any points for who knows the logarithm of H, so it hides them from all others', () => {
    const trapdoor = 7n;
    const alternative = multiply(G, trapdoor);
    const [p, r, other] = [toScalar(31n), 1234567n, toScalar(-900n)];
    const commitment = multiply(G, p).add(multiply(alternative, r));
    const blinding = toScalar(r + (p - other) * modularInverse(trapdoor));
    expect(multiply(G, other).add(multiply(alternative, blinding)).equals(commitment)).to.equal(true);
  });
});

const modularInverse = (value: bigint): bigint => {
  let [old, now, oldS, s] = [value, subgroupOrder, 1n, 0n];
  while (now !== 0n) {
    const quotient = old / now;
    [old, now] = [now, old - quotient * now];
    [oldS, s] = [s, oldS - quotient * s];
  }
  return toScalar(oldS);
};
