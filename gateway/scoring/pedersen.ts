import { type CurvePoint, G, H, multiply } from './babyjubjub.ts';

/**
 * value·G + blinding·H (Pedersen): hides the value whoever looks, binds to it as long as nobody knows the logarithm of H to base G. Both are scalars below the
 * subgroup order (`toScalar` for a negative value); the blinding is fresh and uniform each time.
 */
export const commit = (value: bigint, blinding: bigint): CurvePoint => multiply(G, value).add(multiply(H, blinding));
