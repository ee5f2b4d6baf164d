import { poseidonHash } from '../domain/poseidon.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import {
  type CategoryFeature,
  categoryLimit,
  codeBits,
  codeLimit,
  leastPoints,
  maxBins,
  maxFeatures,
  missingCode,
  mostPoints,
  type NumericFeature,
  type ScorecardFeature,
  type ScorecardPart,
} from '../domain/scorecard-part.ts';

/**
 * A bin as the circuit reads it. For a number `span` is the bin's width: the bounds are the running sums of the widths from the feature's first code, so bins
 * can't overlap. For a category it is the set of codes, code k as 2^k.
 */
type EncodedBin = { readonly span: bigint; readonly points: number };
type EncodedFeature = { readonly category: boolean; readonly firstCode: 0 | 1; readonly bins: readonly EncodedBin[] };

/** A part in field elements, two for a feature (`packFeature`), and always `maxFeatures` features. */
export type EncodedPart = readonly bigint[];

const pointBits = 12n;
const binBits = pointBits + BigInt(codeBits);
const binsInElement = maxBins / 2;

// A slot that no feature fills: a category that is always missing and gives no points.
const unused: CategoryFeature = { kind: 'category', bins: [{ codes: [missingCode], points: 0 }] };

const isPoints = (points: number): boolean => Number.isInteger(points) && points >= leastPoints && points <= mostPoints;

const encodeNumeric = (feature: NumericFeature): EncodedFeature | string => {
  const { missing, bins } = feature;
  const encoded: EncodedBin[] = [];
  if (missing !== undefined) encoded.push({ span: 1n, points: missing });
  let from = missingCode + 1;
  for (const [place, { below = codeLimit, points }] of bins.entries()) {
    const last = place === bins.length - 1;
    if (!Number.isSafeInteger(below) || below <= from || below > codeLimit) return 'bounds are whole numbers that rise';
    if (last !== (below === codeLimit)) return 'the last bin, and no other, is open above';
    encoded.push({ span: BigInt(below - from), points });
    from = below;
  }
  return { category: false, firstCode: missing === undefined ? 1 : 0, bins: encoded };
};

const encodeCategory = (feature: CategoryFeature): EncodedFeature | string => {
  const all = feature.bins.flatMap((bin) => bin.codes);
  if (!all.every((code) => Number.isInteger(code) && code >= 0 && code < categoryLimit)) return 'a category code is 0 to 39';
  if (new Set(all).size !== all.length) return 'a category code stands in one bin only';
  const bins = feature.bins.map(({ codes, points }) => ({ span: codes.reduce((set, code) => set | (1n << BigInt(code)), 0n), points }));
  return { category: true, firstCode: 0, bins };
};

const encodeFeature = (feature: ScorecardFeature): EncodedFeature | string => {
  const encoded = feature.kind === 'numeric' ? encodeNumeric(feature) : encodeCategory(feature);
  if (typeof encoded === 'string') return encoded;
  if (feature.bins.length === 0 || encoded.bins.length > maxBins) return 'a feature has 1 to 8 bins';
  return encoded.bins.every(({ points }) => isPoints(points)) ? encoded : 'points are whole numbers from -2048 to 2047';
};

/**
 * Bins 0 to 3 and the kind, then bins 4 to 7. Bin i stands at bit 52·(i mod 4): points + 2048 in 12 bits, then the span in 40; a bin that is not used is 0. The
 * kind stands at bit 208 of the first: 1 for a category, 2 for a number that must not be missing, else 0.
 */
const packFeature = ({ category, firstCode, bins }: EncodedFeature): readonly [bigint, bigint] => {
  const pack = (some: readonly EncodedBin[]): bigint =>
    some.reduce(
      (sum, { span, points }, place) => sum + ((BigInt(points - leastPoints) + (span << pointBits)) << (binBits * BigInt(place))),
      0n,
    );
  const kind = (category ? 1n : 0n) + (firstCode === 1 ? 2n : 0n);
  return [pack(bins.slice(0, binsInElement)) + (kind << (binBits * BigInt(binsInElement))), pack(bins.slice(binsInElement))];
};

export const encodePart = (part: ScorecardPart): Result<EncodedPart> => {
  if (part.length === 0 || part.length > maxFeatures) return refuse('MODEL_PART_INVALID', { reason: 'a part has 1 to 16 features' });
  const elements: bigint[] = [];
  for (let place = 0; place < maxFeatures; place += 1) {
    const encoded = encodeFeature(part[place] ?? unused);
    if (typeof encoded === 'string') return refuse('MODEL_PART_INVALID', { feature: place, reason: encoded });
    elements.push(...packFeature(encoded));
  }
  return ok(elements);
};

/** The public hash of a part. The salt is a fresh uniform field element, delivered with the part: without it a scorecard could be guessed from its hash. */
export const hashPart = (part: EncodedPart, salt: bigint): bigint => {
  const half = part.length / 2;
  return poseidonHash([poseidonHash(part.slice(0, half)), poseidonHash(part.slice(half)), salt]);
};
