import { poseidonHash } from '../domain/poseidon.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { codeBits, codeLimit, maxFeatures, missingCode } from '../domain/scorecard-part.ts';

const codesInElement = 6;

/** The whole vector of a subject: `maxFeatures` codes, the slots that no feature fills missing. */
export const padFeatures = (codes: readonly number[]): Result<readonly number[]> => {
  if (codes.length > maxFeatures) return refuse('FEATURES_INVALID', { expected: maxFeatures, given: codes.length });
  const wrong = codes.findIndex((code) => !Number.isInteger(code) || code < 0 || code >= codeLimit);
  if (wrong >= 0) return refuse('FEATURES_INVALID', { feature: wrong });
  return ok(Array.from({ length: maxFeatures }, (_, place) => codes[place] ?? missingCode));
};

/** Six codes of 40 bits in a field element, the first lowest: hashing 3 elements costs a ninth of hashing 16. */
const packFeatures = (features: readonly number[]): readonly bigint[] => {
  const elements: bigint[] = [];
  for (let at = 0; at < features.length; at += codesInElement) {
    elements.push(
      features.slice(at, at + codesInElement).reduce((sum, code, place) => sum + (BigInt(code) << BigInt(codeBits * place)), 0n),
    );
  }
  return elements;
};

/** Poseidon(s, Poseidon(features), salt): `subject` is the subject's scalar, `features` is padded, the salt a fresh uniform field element. */
export const featureLeaf = (subject: bigint, features: readonly number[], salt: bigint): bigint =>
  poseidonHash([subject, poseidonHash(packFeatures(features)), salt]);
