import type { ScorecardPart } from '../domain/scorecard-part.ts';

/** What a model's totals give away: of `attainable` totals, `pinned` leave some provider only one value of points; `byPart` counts them for each part. */
export type Leakage = { readonly attainable: number; readonly pinned: number; readonly byPart: readonly number[] };

/** A set of sums as bits of one large number: bit k stands for the sum k above the least. Shifting adds a number to all of them at once. */
type Sums = bigint;

const shifted = (sums: Sums, points: readonly number[]): Sums => points.reduce((all, point) => all | (sums << BigInt(point)), 0n);

const places = (sums: Sums): readonly number[] => [...sums.toString(2)].reverse().flatMap((bit, place) => (bit === '1' ? [place] : []));
const count = (sums: Sums): number => places(sums).length;

const pointsOf = (feature: ScorecardPart[number]): readonly number[] => [
  ...feature.bins.map((bin) => bin.points),
  ...(feature.kind === 'numeric' && feature.missing !== undefined ? [feature.missing] : []),
];

/** All totals of a part, counted from its least: each feature gives the points of one of its bins. */
const partSums = (part: ScorecardPart): Sums =>
  part.reduce<Sums>((sums, feature) => {
    const points = pointsOf(feature);
    const least = Math.min(...points);
    return shifted(
      sums,
      points.map((point) => point - least),
    );
  }, 1n);

/** Totals at which exactly one value of this part fits with the rest. */
const pinnedBy = (part: Sums, rest: Sums): Sums => {
  let [once, twice] = [0n, 0n];
  for (const points of places(part)) {
    const totals = rest << BigInt(points);
    twice |= once & totals;
    once |= totals;
  }
  return once & ~twice;
};

/** Most bits that `leakageOf` may have to move: some tenths of a second, during which nothing else runs. Parts that spread over thousands of points stay far below. */
const mostWork = 2 ** 31;

/** Whether the totals can be counted in reasonable time: someone else wrote the model, and could choose points to keep an auditor's gateway busy. */
export const isMeasurable = (parts: readonly ScorecardPart[]): boolean => {
  const spreads = parts.map((part) =>
    part.reduce((sum, feature) => sum + Math.max(...pointsOf(feature)) - Math.min(...pointsOf(feature)), 0),
  );
  const whole = spreads.reduce((sum, spread) => sum + spread, 0);
  // For each part: a shift of the rest's totals for each of its values.
  return whole * whole <= mostWork;
};

/**
 * For how many attainable totals some provider's points are pinned down (design.md §7), taking every combination of bins as possible: features that exclude each other
 * would only pin down more, and are not looked at. A part with one attainable value is left out: there is nothing to learn.
 */
export const leakageOf = (parts: readonly ScorecardPart[]): Leakage => {
  const sums = parts.map(partSums);
  const sumOf = (some: readonly Sums[]): Sums => some.reduce((all, one) => shifted(all, places(one)), 1n);
  const pinned = sums.map((part, place) => (part === 1n ? 0n : pinnedBy(part, sumOf(sums.filter((_, other) => other !== place)))));
  return { attainable: count(sumOf(sums)), pinned: count(pinned.reduce((all, one) => all | one, 0n)), byPart: pinned.map(count) };
};
