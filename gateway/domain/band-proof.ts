import { canonicalJson } from './canonical.ts';
import { sha256Hex } from './hash.ts';
import type { Hex } from './ids.ts';
import { bn254ScalarOrder } from './poseidon.ts';

/** A score from `from` on and below `below`; null leaves an end open. */
export type Band = { readonly from: number | null; readonly below: number | null };

/** To whom a band is shown: the third party's name and 32 bytes it chose freshly, so that nobody can show the proof again, to another or later. */
export type BandAsker = { readonly audience: string; readonly challenge: Hex };

/** Totals of 128 providers with 16 features each lie within 2^22 points of 0; the circuit counts from the lowest. */
export const totalOffset = 2 ** 22;

/** What the proof of a band states: the commitment hides a total of points with low <= total + 2^22 < high (docs/protocol/circuit.md). */
export type BandStatement = {
  readonly commitment: { readonly x: bigint; readonly y: bigint };
  readonly low: number;
  readonly high: number;
  readonly session: bigint;
  readonly context: bigint;
};

/** The public inputs in the order of the circuit. */
export const bandPublicInputs = ({ commitment, low, high, session, context }: BandStatement): readonly bigint[] => [
  commitment.x,
  commitment.y,
  BigInt(low),
  BigInt(high),
  session,
  context,
];

/** The asker as the circuit takes it: SHA-256 of its canonical JSON, modulo the field order. */
export const askerElement = ({ audience, challenge }: BandAsker): bigint =>
  BigInt(sha256Hex(canonicalJson({ audience, challenge }))) % bn254ScalarOrder;
