import { type CurvePoint, scalarFromBytes, toScalar } from './babyjubjub.ts';
import { commit } from './pedersen.ts';

/** A scalar and its blinding, both below the subgroup order: a provider's points, or one additive share of them. */
export type Share = { readonly value: bigint; readonly blinding: bigint };

/** What a provider makes of its points: a commitment to them, and for each provider a share with a commitment of its own. Blinding and shares are secret, the points public. */
export type Deal = {
  readonly blinding: bigint;
  readonly commitment: CurvePoint;
  readonly shares: readonly Share[];
  readonly shareCommitments: readonly CurvePoint[];
};

/** Fresh random bytes that `dealShares` takes for this many providers. */
export const dealEntropyLength = (count: number): number => 48 * (2 * count - 1);

/**
 * Points with a fresh blinding, split additively, modulo the subgroup order, among `count` providers (design.md §7, step 4): all shares but the last are uniform, the
 * last is what is missing, so any `count - 1` of them say nothing. `entropy` is `dealEntropyLength(count)` fresh random bytes.
 */
export const splitPoints = (
  points: number,
  count: number,
  entropy: Uint8Array,
): { readonly whole: Share; readonly shares: readonly Share[] } => {
  if (entropy.length !== dealEntropyLength(count)) throw new RangeError('entropy does not fit the number of shares');
  const scalars = Array.from({ length: 2 * count - 1 }, (_, place) => scalarFromBytes(entropy.subarray(48 * place, 48 * (place + 1))));
  const whole: Share = { value: toScalar(BigInt(points)), blinding: scalars[0]! };
  const uniform: Share[] = Array.from({ length: count - 1 }, (_, place) => ({
    value: scalars[1 + 2 * place]!,
    blinding: scalars[2 + 2 * place]!,
  }));
  const dealt = sumShares(uniform);
  return {
    whole,
    shares: [...uniform, { value: toScalar(whole.value - dealt.value), blinding: toScalar(whole.blinding - dealt.blinding) }],
  };
};

/** Splits points and commits to them and to each share. */
export const dealShares = (points: number, count: number, entropy: Uint8Array): Deal => {
  const { whole, shares } = splitPoints(points, count, entropy);
  const committed = ({ value, blinding }: Share) => commit(value, blinding);
  return { blinding: whole.blinding, commitment: committed(whole), shares, shareCommitments: shares.map(committed) };
};

/** The sum of shares, modulo the subgroup order. */
export const sumShares = (shares: readonly Share[]): Share =>
  shares.reduce((sum, share) => ({ value: toScalar(sum.value + share.value), blinding: toScalar(sum.blinding + share.blinding) }), {
    value: 0n,
    blinding: 0n,
  });
