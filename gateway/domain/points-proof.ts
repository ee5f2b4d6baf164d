import type { Hex } from './ids.ts';
import { bn254ScalarOrder } from './poseidon.ts';

/**
 * What a provider's proof states: the features of the subject whose commitment the consent holds stand in the committed tree, and under the part with this hash
 * they give the points that the commitment hides (docs/protocol/circuit.md).
 */
export type PointsStatement = {
  readonly commitment: { readonly x: bigint; readonly y: bigint };
  readonly featuresRoot: bigint;
  readonly subjectCommitment: bigint;
  readonly partHash: bigint;
  readonly session: bigint;
};

/** The public inputs in the order of the circuit. */
export const publicInputs = (statement: PointsStatement): readonly bigint[] => [
  statement.commitment.x,
  statement.commitment.y,
  statement.featuresRoot,
  statement.subjectCommitment,
  statement.partHash,
  statement.session,
];

/** A session id as the circuit takes it: modulo the field order, which two ids of 256 bits share only if their hash is broken. */
export const sessionElement = (sessionId: Hex): bigint => BigInt(sessionId) % bn254ScalarOrder;

/** Input signals of the circuit by name, arrays flattened in row order. */
export type CircuitInputs = Readonly<Record<string, bigint | readonly bigint[]>>;

/** A Groth16 proof over BN254, affine; `b` as (c0, c1) of each coordinate. Malleable: never an id of anything. */
export type Groth16Proof = {
  readonly a: readonly [bigint, bigint];
  readonly b: readonly [readonly [bigint, bigint], readonly [bigint, bigint]];
  readonly c: readonly [bigint, bigint];
};
