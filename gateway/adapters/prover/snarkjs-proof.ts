import { bn254 } from '@noble/curves/bn254.js';
import type { JsonProof } from 'snarkjs';
import type { Groth16Proof } from '../../domain/points-proof.ts';
import { bn254ScalarOrder } from '../../domain/poseidon.ts';

const { G1, G2 } = bn254;

export const toJsonProof = ({ a, b, c }: Groth16Proof): JsonProof => ({
  pi_a: [...a.map(String), '1'],
  pi_b: [...b.map((coordinate) => coordinate.map(String)), ['1', '0']],
  pi_c: [...c.map(String), '1'],
});

const pair = (numbers: readonly string[]): readonly [bigint, bigint] => [BigInt(numbers[0]!), BigInt(numbers[1]!)];

export const fromJsonProof = ({ pi_a, pi_b, pi_c }: JsonProof): Groth16Proof => ({
  a: pair(pi_a),
  b: [pair(pi_b[0]!), pair(pi_b[1]!)],
  c: pair(pi_c),
});

/**
 * Numbers within their fields, points on their curves and in their subgroups. snarkjs asks for less: it takes numbers modulo the field and doesn't look whether b
 * is in the subgroup, as the chain's precompile does (EIP-197).
 */
export const isWellFormed = (publicInputs: readonly bigint[], { a, b, c }: Groth16Proof): boolean => {
  if (publicInputs.some((input) => input < 0n || input >= bn254ScalarOrder)) return false;
  try {
    for (const [x, y] of [a, c]) G1.Point.fromAffine({ x, y }).assertValidity();
    const [x, y] = b.map(([c0, c1]) => ({ c0, c1 }));
    G2.Point.fromAffine({ x: x!, y: y! }).assertValidity();
    return true;
  } catch {
    return false;
  }
};
