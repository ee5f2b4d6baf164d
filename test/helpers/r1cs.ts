import { readFileSync } from 'node:fs';

/** One linear combination: factors by wire. Wire 0 is the constant 1. */
export type Combination = readonly (readonly [wire: number, factor: bigint])[];
export type Constraint = { readonly a: Combination; readonly b: Combination; readonly c: Combination };
export type R1cs = {
  readonly prime: bigint;
  readonly wires: number;
  readonly outputs: number;
  readonly publicInputs: number;
  readonly constraints: readonly Constraint[];
};

const header = 1;
const constraints = 2;

/** Reads the iden3 R1CS binary format, version 1: written for the tests, so that nothing of what is tested judges itself. */
export const readR1cs = (path: string): R1cs => {
  const bytes = readFileSync(path);
  const field = (at: number): bigint =>
    BigInt(
      `0x${Buffer.from(bytes.subarray(at, at + 32))
        .reverse()
        .toString('hex')}`,
    );
  if (bytes.toString('ascii', 0, 4) !== 'r1cs' || bytes.readUInt32LE(4) !== 1) throw new Error('not an R1CS file');
  const sections = new Map<number, number>();
  let at = 12;
  for (let left = bytes.readUInt32LE(8); left > 0; left -= 1) {
    sections.set(bytes.readUInt32LE(at), at + 12);
    at += 12 + Number(bytes.readBigUInt64LE(at + 4));
  }
  const head = sections.get(header)!;
  if (bytes.readUInt32LE(head) !== 32) throw new Error('not a field of 32 bytes');
  const prime = field(head + 4);
  let cursor = sections.get(constraints)!;
  const combination = (): Combination => {
    const count = bytes.readUInt32LE(cursor);
    const from = cursor + 4;
    cursor = from + 36 * count;
    return Array.from({ length: count }, (_, term) => [bytes.readUInt32LE(from + 36 * term), field(from + 36 * term + 4)] as const);
  };
  const list = Array.from({ length: bytes.readUInt32LE(head + 60) }, () => ({ a: combination(), b: combination(), c: combination() }));
  return {
    prime,
    wires: bytes.readUInt32LE(head + 36),
    outputs: bytes.readUInt32LE(head + 40),
    publicInputs: bytes.readUInt32LE(head + 44),
    constraints: list,
  };
};

const value = (combination: Combination, witness: readonly bigint[], prime: bigint): bigint =>
  combination.reduce((sum, [wire, factor]) => sum + witness[wire]! * factor, 0n) % prime;

const holds = (a: bigint, b: bigint, c: bigint, prime: bigint): boolean => (a * b - c) % prime === 0n;

/** The constraints that a witness breaks. */
export const brokenConstraints = ({ constraints, prime }: R1cs, witness: readonly bigint[]): readonly Constraint[] =>
  constraints.filter(({ a, b, c }) => !holds(value(a, witness, prime), value(b, witness, prime), value(c, witness, prime), prime));

/** The wires of a good witness, but for wire 0, that could each be changed by `change` with all constraints still holding. */
export const freeWires = ({ constraints, prime, wires }: R1cs, witness: readonly bigint[], change: bigint): readonly number[] => {
  const caught = new Array<boolean>(wires).fill(false);
  for (const { a, b, c } of constraints) {
    const values = [a, b, c].map((combination) => value(combination, witness, prime)) as [bigint, bigint, bigint];
    const touched = new Map<number, [bigint, bigint, bigint]>();
    for (const [side, combination] of [a, b, c].entries()) {
      for (const [wire, factor] of combination) {
        const changed = touched.get(wire) ?? [...values];
        changed[side]! += factor * change;
        touched.set(wire, changed);
      }
    }
    for (const [wire, changed] of touched) if (!holds(...changed, prime)) caught[wire] = true;
  }
  return caught.flatMap((isCaught, wire) => (isCaught || wire === 0 ? [] : [wire]));
};
