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

/** As the verifier contract takes a proof: the precompile has the coordinates of b the other way round (EIP-197). */
export const contractProof = ({ a, b, c }: Groth16Proof): Groth16Proof => ({
  a,
  b: [
    [b[0][1], b[0][0]],
    [b[1][1], b[1][0]],
  ],
  c,
});
