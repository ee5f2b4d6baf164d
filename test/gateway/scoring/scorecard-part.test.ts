import { expect } from 'chai';
import fc from 'fast-check';
import { refuse } from '../../../gateway/domain/result.ts';
import type { NumericFeature, ScorecardFeature } from '../../../gateway/domain/scorecard-part.ts';
import { encodePart, hashPart } from '../../../gateway/scoring/encode-part.ts';
import { padFeatures } from '../../../gateway/scoring/feature-leaf.ts';
import { scoreFeatures } from '../../../gateway/scoring/score-features.ts';
import { codeOf } from '../../helpers/refusal.ts';
import { scorablePart } from '../../helpers/scorecard-arbitraries.ts';

const age: NumericFeature = {
  kind: 'numeric',
  missing: -1,
  bins: [
    { below: 27, points: -12 },
    { below: 36, points: 4 },
    { below: undefined, points: 19 },
  ],
};
const purpose: ScorecardFeature = {
  kind: 'category',
  bins: [
    { codes: [1, 9], points: 23 },
    { codes: [2, 3, 39], points: -8 },
  ],
};

/** Bounds and points read back out of the packed elements, apart from how they were made. */
const unpack = (first: bigint, second: bigint) => {
  const bins = [first, second].flatMap((element) =>
    [0n, 1n, 2n, 3n].map((place) => {
      const bin = (element >> (52n * place)) % (1n << 52n);
      return { points: Number(bin % 4096n) - 2048, span: bin / 4096n };
    }),
  );
  const kind = first >> 208n;
  let bound = kind === 2n ? 1n : 0n;
  return bins.map(({ points, span }) => {
    const from = bound;
    const below = from + span;
    bound = below;
    return {
      points,
      holds: (code: number) => (kind === 1n ? (span >> BigInt(code)) % 2n === 1n : from <= BigInt(code) && BigInt(code) < below),
    };
  });
};

describe('scoring: a scorecard part', () => {
  it('scores by the one bin that holds each code', () => {
    const scored = scoreFeatures([age, purpose], [26, 9]);
    expect(scored).to.deep.equal({ ok: true, value: { bins: [1, 0], points: 11 } });
    expect(scoreFeatures([age, purpose], [0, 39])).to.deep.equal({ ok: true, value: { bins: [0, 1], points: -9 } });
    expect(scoreFeatures([{ ...age, missing: undefined }], [27])).to.deep.equal({ ok: true, value: { bins: [1], points: 4 } });
  });

  it('scores the same as the packed elements say, where exactly one bin holds each code', () => {
    fc.assert(
      fc.property(scorablePart, ({ part, codes }) => {
        const [encoded, scored] = [encodePart(part), scoreFeatures(part, codes)];
        if (!encoded.ok || !scored.ok) throw new Error('a scorable part');
        expect(encoded.value.length).to.equal(32);
        let points = 0;
        for (const [place, code] of [...codes, ...Array<number>(16 - codes.length).fill(0)].entries()) {
          const bins = unpack(encoded.value[2 * place]!, encoded.value[2 * place + 1]!);
          const holding = bins.flatMap((bin, at) => (bin.holds(code) ? [at] : []));
          expect(holding).to.deep.equal([scored.value.bins[place] ?? 0]);
          points += bins[holding[0]!]!.points;
        }
        expect(points).to.equal(scored.value.points);
      }),
      { numRuns: 200 },
    );
  });

  it('refuses a code that no bin holds', () => {
    for (const [feature, code] of [
      [purpose, 0],
      [purpose, 4],
      [{ ...age, missing: undefined }, 0],
    ] as const) {
      expect(scoreFeatures([age, feature], [1, code])).to.deep.equal(refuse('FEATURE_UNSCORABLE', { feature: 1 }));
    }
  });

  it('refuses features that are no codes, and too many or too few', () => {
    for (const wrong of [-1, 0.5, 2 ** 40, Number.NaN]) expect(codeOf(padFeatures([1, wrong]))).to.equal('FEATURES_INVALID');
    expect(codeOf(scoreFeatures([age], [2 ** 40]))).to.equal('FEATURES_INVALID');
    expect(codeOf(scoreFeatures([age], []))).to.equal('FEATURES_INVALID');
    expect(codeOf(padFeatures(Array(17).fill(0)))).to.equal('FEATURES_INVALID');
    expect(padFeatures([5])).to.deep.equal({ ok: true, value: [5, ...Array(15).fill(0)] });
  });

  it('refuses a part with gaps, overlaps, too much of anything, or points out of range', () => {
    const numeric = (...below: (number | undefined)[]): NumericFeature => ({
      kind: 'numeric',
      missing: 0,
      bins: below.map((one) => ({ below: one, points: 0 })),
    });
    const wrong: readonly (readonly ScorecardFeature[])[] = [
      [],
      Array<ScorecardFeature>(17).fill(age),
      [numeric()],
      [numeric(5)],
      [numeric(5, 5, undefined)],
      [numeric(1, undefined)],
      [numeric(undefined, 7)],
      [numeric(2.5, undefined)],
      [numeric(2 ** 40 + 1, undefined)],
      [numeric(2, 3, 4, 5, 6, 7, 8, undefined)],
      [{ kind: 'category', bins: [] }],
      [{ kind: 'category', bins: [{ codes: [40], points: 0 }] }],
      [{ kind: 'category', bins: [{ codes: [-1], points: 0 }] }],
      [
        {
          kind: 'category',
          bins: [
            { codes: [1], points: 0 },
            { codes: [1], points: 0 },
          ],
        },
      ],
      [{ ...age, missing: 2048 }],
      [{ ...age, missing: -2049 }],
      [{ ...age, missing: 0.5 }],
    ];
    for (const part of wrong) expect(codeOf(encodePart(part)), JSON.stringify(part)).to.equal('MODEL_PART_INVALID');
    expect(encodePart([{ ...numeric(2, 3, 4, 5, 6, 7, undefined), missing: 2047 }]).ok).to.equal(true);
  });

  it('has a hash that changes with every element and the salt', () => {
    const encoded = encodePart([age, purpose]);
    if (!encoded.ok) throw new Error('a part');
    const changed = encoded.value.map((_, at) => hashPart(encoded.value.with(at, encoded.value[at]! + 1n), 7n));
    expect(new Set([hashPart(encoded.value, 7n), hashPart(encoded.value, 8n), ...changed]).size).to.equal(34);
  });
});
