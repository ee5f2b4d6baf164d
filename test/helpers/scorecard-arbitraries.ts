import fc from 'fast-check';
import {
  type CategoryFeature,
  categoryLimit,
  codeLimit,
  leastPoints,
  maxBins,
  maxFeatures,
  mostPoints,
  type NumericFeature,
  type ScorecardFeature,
} from '../../gateway/domain/scorecard-part.ts';

const points = fc.integer({ min: leastPoints, max: mostPoints });

const numeric: fc.Arbitrary<NumericFeature> = fc
  .record({
    missing: fc.option(points, { nil: undefined }),
    bounds: fc.uniqueArray(fc.oneof(fc.integer({ min: 2, max: 100 }), fc.integer({ min: 2, max: codeLimit - 1 })), {
      maxLength: maxBins - 2,
    }),
    points: fc.array(points, { minLength: maxBins, maxLength: maxBins }),
  })
  .map(({ missing, bounds, points }) => ({
    kind: 'numeric',
    missing,
    bins: [...bounds.sort((a, b) => a - b), undefined].map((below, place) => ({ below, points: points[place]! })),
  }));

const category: fc.Arbitrary<CategoryFeature> = fc
  .record({
    codes: fc.uniqueArray(fc.integer({ min: 0, max: categoryLimit - 1 }), { minLength: 1 }),
    places: fc.array(fc.integer({ min: 0, max: maxBins - 1 }), { minLength: categoryLimit, maxLength: categoryLimit }),
    points: fc.array(points, { minLength: maxBins, maxLength: maxBins }),
  })
  .map(({ codes, places, points }) => ({
    kind: 'category',
    bins: points.map((points, bin) => ({ codes: codes.filter((_, at) => places[at] === bin), points })),
  }));

/** Codes of a feature near its edges: every bound, the codes beside it, missing, the greatest. */
const edgeCodes = (feature: ScorecardFeature): readonly number[] =>
  feature.kind === 'category'
    ? feature.bins.flatMap(({ codes }) => codes)
    : [
        ...(feature.missing === undefined ? [] : [0]),
        1,
        codeLimit - 1,
        ...feature.bins.flatMap(({ below }) => (below === undefined ? [] : [below - 1, below])),
      ];

/** A feature with a code that it can score. */
const scorable = fc
  .oneof(numeric, category)
  .chain((feature) => fc.record({ feature: fc.constant(feature), code: fc.constantFrom(...edgeCodes(feature)) }));

/** A part with codes that it can score, at the edges of its bins more often than not. */
export const scorablePart = fc
  .array(scorable, { minLength: 1, maxLength: maxFeatures })
  .map((all) => ({ part: all.map(({ feature }) => feature), codes: all.map(({ code }) => code) }));
