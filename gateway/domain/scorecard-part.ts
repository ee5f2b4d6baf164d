/** Capacity of the one circuit that serves every model (design.md §7). */
export const maxFeatures = 16;
export const maxBins = 8;

/**
 * Features are codes: integers below 2^40. 0 stands for a missing value, in every kind. A number is coded as value - least + 1, where its derivation declares
 * the least; a category as its place, from 1, in the list that its derivation declares.
 */
export const codeBits = 40;
export const codeLimit = 2 ** codeBits;
export const missingCode = 0;
/** A bin of a category feature is a set of codes, one bit each. */
export const categoryLimit = codeBits;

export const leastPoints = -2048;
export const mostPoints = 2047;

/**
 * A number's bins in ascending order: `below` is the code that no longer belongs; the last has none. They leave no gap from code 1 up, so that each value matches
 * exactly one. `missing` is a bin of its own; without it a missing value can't be scored.
 */
export type NumericFeature = {
  readonly kind: 'numeric';
  readonly missing: number | undefined;
  readonly bins: readonly { readonly below: number | undefined; readonly points: number }[];
};

/** A category's bins: codes below `categoryLimit`, each in one bin at most; a code in none, 0 included, can't be scored. */
export type CategoryFeature = {
  readonly kind: 'category';
  readonly bins: readonly { readonly codes: readonly number[]; readonly points: number }[];
};

export type ScorecardFeature = NumericFeature | CategoryFeature;

/** What one provider sees of a model: bins and points of its features, in the order of its feature vector. */
export type ScorecardPart = readonly ScorecardFeature[];
