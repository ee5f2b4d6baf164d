import { ok, type Result, refuse } from '../domain/result.ts';
import { missingCode, type ScorecardFeature, type ScorecardPart } from '../domain/scorecard-part.ts';
import { padFeatures } from './feature-leaf.ts';

/** Which bin of each feature matched, and the sum of their points: what the circuit proves, computed plainly. */
export type ScoredFeatures = { readonly bins: readonly number[]; readonly points: number };

type Match = { readonly bin: number; readonly points: number };

/** The one bin of a feature that holds the code, counted as `encodePart` lays them out: the bin of a missing number comes first. */
const matchBin = (feature: ScorecardFeature, code: number): Match | undefined => {
  if (feature.kind === 'category') {
    const bin = feature.bins.findIndex(({ codes }) => codes.includes(code));
    return bin < 0 ? undefined : { bin, points: feature.bins[bin]!.points };
  }
  if (code === missingCode) return feature.missing === undefined ? undefined : { bin: 0, points: feature.missing };
  const place = feature.bins.findIndex(({ below }) => below === undefined || code < below);
  return place < 0 ? undefined : { bin: place + (feature.missing === undefined ? 0 : 1), points: feature.bins[place]!.points };
};

/** Scores a subject's feature codes, one for each feature of the part. The part must be one that `encodePart` takes. */
export const scoreFeatures = (part: ScorecardPart, codes: readonly number[]): Result<ScoredFeatures> => {
  const padded = padFeatures(codes);
  if (!padded.ok) return padded;
  if (codes.length !== part.length) return refuse('FEATURES_INVALID', { expected: part.length, given: codes.length });
  const matches: Match[] = [];
  for (const [place, feature] of part.entries()) {
    const match = matchBin(feature, codes[place]!);
    if (match === undefined) return refuse('FEATURE_UNSCORABLE', { feature: place });
    matches.push(match);
  }
  return ok({ bins: matches.map(({ bin }) => bin), points: matches.reduce((sum, { points }) => sum + points, 0) });
};
