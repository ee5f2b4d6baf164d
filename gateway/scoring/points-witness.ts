import type { CircuitInputs, PointsStatement } from '../domain/points-proof.ts';
import { poseidonHash } from '../domain/poseidon.ts';
import { ok, type Result } from '../domain/result.ts';
import { maxBins, maxFeatures, type ScorecardPart } from '../domain/scorecard-part.ts';
import { toScalar } from './babyjubjub.ts';
import { encodePart, hashPart } from './encode-part.ts';
import { featureLeaf, padFeatures } from './feature-leaf.ts';
import { rootOfPath, type TreePath } from './feature-tree.ts';
import { commit } from './pedersen.ts';
import { scoreFeatures } from './score-features.ts';

/** All that a provider knows when it proves. Salts and scalars are field elements, `blinding` is a scalar of the subgroup, fresh and uniform. */
export type PointsWitness = {
  readonly subject: bigint;
  readonly consentSalt: bigint;
  readonly features: readonly number[];
  readonly leafSalt: bigint;
  readonly path: TreePath;
  readonly part: ScorecardPart;
  readonly partSalt: bigint;
  readonly blinding: bigint;
  readonly session: bigint;
};

export type PreparedProof = { readonly statement: PointsStatement; readonly inputs: CircuitInputs; readonly points: number };

/** Computes the statement plainly and lays out the circuit's inputs. Throws RangeError when the path doesn't lead from this subject's leaf: the tree is the caller's own. */
export const preparePointsProof = (witness: PointsWitness): Result<PreparedProof> => {
  const part = encodePart(witness.part);
  if (!part.ok) return part;
  const features = padFeatures(witness.features);
  if (!features.ok) return features;
  const scored = scoreFeatures(witness.part, witness.features);
  if (!scored.ok) return scored;
  const featuresRoot = rootOfPath(featureLeaf(witness.subject, features.value, witness.leafSalt), witness.path);
  if (featuresRoot === undefined) throw new RangeError("the path does not start at the subject's leaf");
  const { points, bins } = scored.value;
  const statement: PointsStatement = {
    commitment: commit(toScalar(BigInt(points)), witness.blinding).toAffine(),
    featuresRoot,
    subjectCommitment: poseidonHash([witness.subject, witness.consentSalt]),
    partHash: hashPart(part.value, witness.partSalt),
    session: witness.session,
  };
  const selected = Array.from({ length: maxFeatures }, (_, feature) =>
    Array.from({ length: maxBins }, (_, bin) => ((bins[feature] ?? 0) === bin ? 1n : 0n)),
  );
  const inputs: CircuitInputs = {
    featuresRoot,
    subjectCommitment: statement.subjectCommitment,
    partHash: statement.partHash,
    session: statement.session,
    subject: witness.subject,
    consentSalt: witness.consentSalt,
    features: features.value.map(BigInt),
    leafSalt: witness.leafSalt,
    pathPlaces: witness.path.map(({ place }) => BigInt(place)),
    pathChildren: witness.path.flatMap(({ children }) => children),
    part: part.value,
    partSalt: witness.partSalt,
    selected: selected.flat(),
    blinding: witness.blinding,
  };
  return ok({ statement, inputs, points });
};
