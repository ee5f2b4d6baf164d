import type { ScorecardPart } from '../../gateway/domain/scorecard-part.ts';
import { featureLeaf, padFeatures } from '../../gateway/scoring/feature-leaf.ts';
import { buildFeatureTree } from '../../gateway/scoring/feature-tree.ts';
import type { PointsWitness } from '../../gateway/scoring/points-witness.ts';
import { valueIn } from './refusal.ts';

export type PointsCase = {
  readonly part: ScorecardPart;
  readonly codes: readonly number[];
  /** How many other subjects stand in the tree before this one. */
  readonly place?: number;
  readonly blinding?: bigint;
};

/** What a provider knows about one subject, in a tree of some others. Every secret is a different number. */
export const pointsCase = ({ part, codes, place = 2, blinding = 1234567890123456789n }: PointsCase): PointsWitness => {
  const [subject, consentSalt, leafSalt, partSalt, session] = [1001n, 1002n, 1003n, 1004n, 1005n];
  const others = Array.from({ length: place }, (_, at) => BigInt(at + 1));
  const tree = buildFeatureTree([...others, featureLeaf(subject, valueIn(padFeatures(codes)), leafSalt), 7n, 8n]);
  return { subject, consentSalt, features: codes, leafSalt, path: tree.path(place), part, partSalt, blinding, session };
};
