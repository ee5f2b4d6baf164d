import { Field } from '@noble/curves/abstract/modular.js';
import { grainGenConstants } from '@noble/curves/abstract/poseidon.js';

/** Order of the scalar field of BN254 (alt_bn128, EIP-196). */
export const bn254ScalarOrder = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

export const fullRounds = 8;
// Partial rounds for 1 to 16 inputs, as circomlib's circuit has them, so that its circuits can open what is made here.
const partialRounds = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68] as const;

type Vector = readonly bigint[];
type Matrix = readonly Vector[];

/** A partial round: x = state[0]^5 + constant; then state[0] = row · (x, state[1..]), and state[i] grows by column[i - 1] · x. */
export type PartialRound = { readonly constant: bigint; readonly row: Vector; readonly column: Vector };

/**
 * Poseidon's rounds with the work of the partial ones moved to where it is done once (Poseidon paper, eprint 2019/458, appendix B): they keep one constant and
 * 2t - 1 products each instead of t constants and t^2 products. The permutation stays the same.
 */
export type PoseidonSchedule = {
  /** What is added before the S-boxes of each full round; that of the first one behind the partial rounds is in their constants. */
  readonly fullConstants: readonly Vector[];
  readonly mix: Matrix;
  /** Stands in for `mix` in the last full round before the partial ones, with what is added after it. */
  readonly mixBefore: Matrix;
  readonly constantsBefore: Vector;
  readonly partial: readonly PartialRound[];
};

const field = Field(bn254ScalarOrder);
const dot = (a: Vector, b: Vector): bigint => field.create(a.reduce((sum, value, at) => sum + value * b[at]!, 0n));
const apply = (matrix: Matrix, vector: Vector): Vector => matrix.map((row) => dot(row, vector));
const transpose = (matrix: Matrix): Matrix => matrix.map((_, at) => matrix.map((row) => row[at]!));
const product = (a: Matrix, b: Matrix): Matrix => transpose(transpose(b).map((column) => apply(a, column)));
const raise = (matrix: Matrix, exponent: number): Matrix => {
  if (exponent === 1) return matrix;
  const root = raise(matrix, Math.floor(exponent / 2));
  const square = product(root, root);
  return exponent % 2 === 0 ? square : product(square, matrix);
};

/** Gauss-Jordan. No pivot is 0: every square part of an MDS matrix is regular. */
const inverse = (matrix: Matrix): Matrix => {
  let rows: Matrix = matrix.map((row, at) => [...row, ...row.map((_, other) => (at === other ? 1n : 0n))]);
  for (const at of matrix.keys()) {
    const scale = field.inv(rows[at]![at]!);
    const pivot = rows[at]!.map((value) => field.mul(value, scale));
    rows = rows.map((row, other) =>
      other === at ? pivot : row.map((value, place) => field.sub(value, field.mul(row[at]!, pivot[place]!))),
    );
  }
  return rows.map((row) => row.slice(matrix.length));
};

/** The constants come from Grain (paper, appendix E), 20 ms for two inputs. */
export const schedulePoseidon = (inputs: number): PoseidonSchedule => {
  const roundsPartial = partialRounds[inputs - 1];
  if (roundsPartial === undefined) throw new RangeError('Poseidon takes 1 to 16 inputs');
  const parameters = { Fp: field, t: inputs + 1, roundsFull: fullRounds, roundsPartial, sboxPower: 5 };
  const { roundConstants, mds } = grainGenConstants(parameters);
  const half = fullRounds / 2;

  // From the last partial round back: what is added to the elements that its S-box leaves alone may as well be added before the matrix of the round before; and
  // what the matrix does to them without the first may as well be done before the S-box. Of the matrix a row and a column stay, which the rounds behind change by
  // a factor each.
  const unmix = inverse(mds);
  const inner = mds.slice(1).map((row) => row.slice(1));
  const outer = transpose(inverse(inner));
  let moved: Vector = roundConstants[half + roundsPartial]!;
  let row: Vector = mds[0]!.slice(1);
  let column: Vector = mds.slice(1).map(([first]) => first!);
  const partial: PartialRound[] = [];
  for (let round = roundsPartial - 1; round >= 0; round -= 1) {
    const [constant, ...rest] = apply(unmix, moved);
    moved = roundConstants[half + round]!.map((value, at) => (at === 0 ? value : field.add(value, rest[at - 1]!)));
    row = apply(outer, row);
    partial.unshift({ constant: constant!, row: [mds[0]![0]!, ...row], column });
    column = apply(inner, column);
  }
  const aside = [mds.map((_, at) => (at === 0 ? 1n : 0n)), ...raise(inner, roundsPartial).map((values) => [0n, ...values])];
  return {
    fullConstants: [...roundConstants.slice(0, half), mds.map(() => 0n), ...roundConstants.slice(half + roundsPartial + 1)],
    mix: mds,
    mixBefore: product(aside, mds),
    constantsBefore: apply(aside, moved),
    partial,
  };
};
