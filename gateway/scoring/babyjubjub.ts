import { babyjubjub } from '@noble/curves/misc.js';
import { shake256, toHex } from '../domain/hash.ts';
import type { Hex } from '../domain/ids.ts';

const { Point } = babyjubjub;

/** A point of BabyJubJub (EIP-2494), as the library holds it. */
export type CurvePoint = InstanceType<typeof Point>;
export type AffinePoint = { readonly x: bigint; readonly y: bigint };

/** Order of the subgroup: points, blindings and their shares are added modulo this. */
export const subgroupOrder: bigint = Point.Fn.ORDER;

/** The scalar of an integer, negative ones too. */
export const toScalar = (value: bigint): bigint => Point.Fn.create(value);

/** A uniform scalar from 48 random bytes (the bias of the reduction is below 2^-128). */
export const scalarFromBytes = (bytes: Uint8Array): bigint => {
  if (bytes.length !== 48) throw new RangeError('a scalar is made from 48 random bytes');
  return toScalar(BigInt(toHex(bytes)));
};

const decode = (bytes: Uint8Array): CurvePoint | undefined => {
  try {
    return Point.fromBytes(bytes);
  } catch {
    return undefined;
  }
};

/** 32 bytes as in RFC 8032 §5.1.2: y little-endian, the lowest bit of x on top. */
export const pointToHex = (point: CurvePoint): Hex => `0x${point.toHex()}`;

/** The cofactor is 8, so being on the curve is not enough. The neutral point opens to 0 and 0: a fresh blinding never gives it. */
const inSubgroup = (point: CurvePoint | undefined): CurvePoint | undefined =>
  point !== undefined && !point.is0() && point.isTorsionFree() ? point : undefined;

/** A point received from outside: undefined unless the text is the one spelling of a point of the subgroup other than the neutral one. */
export const pointFromHex = (hex: string): CurvePoint | undefined => {
  if (!/^0x[0-9a-f]{64}$/.test(hex)) return undefined;
  return inSubgroup(decode(Buffer.from(hex.slice(2), 'hex')));
};

/** As `pointFromHex`, from the two coordinates that a proof makes public. */
export const pointFromAffine = ({ x, y }: AffinePoint): CurvePoint | undefined => {
  try {
    const point = Point.fromAffine({ x, y });
    point.assertValidity();
    return inSubgroup(point);
  } catch {
    return undefined;
  }
};

/** scalar·point for a secret scalar, 0 included, which the library's own multiplication leaves out. */
export const multiply = (point: CurvePoint, scalar: bigint): CurvePoint => (scalar === 0n ? Point.ZERO : point.multiply(scalar));

export const sumPoints = (points: readonly CurvePoint[]): CurvePoint => points.reduce((sum, point) => sum.add(point), Point.ZERO);

/** circomlib's Base8, EIP-2494's B: it carries the value of a commitment. */
export const G: CurvePoint = Point.BASE;

/**
 * Hash-to-curve by trying counters: y is SHAKE256 of the domain and the counter byte, 48 bytes big-endian, modulo the field; the first y that belongs to a point
 * is taken, with the even x, times the cofactor. So nobody knows the logarithm to base G. Its time varies, which tells nothing: no input is secret.
 */
export const hashToPoint = (domain: string): CurvePoint => {
  for (let counter = 0; counter < 256; counter += 1) {
    const wide = shake256(Buffer.concat([Buffer.from(domain, 'ascii'), Uint8Array.of(counter)]), 48);
    const point = decode(Point.Fp.toBytes(Point.Fp.create(BigInt(toHex(wide)))))?.clearCofactor();
    if (point !== undefined && !point.is0()) return point;
  }
  throw new RangeError('no counter gives a point');
};

/** `hashToPoint('xinshu/v1/pedersen/H')`: it carries the blinding of a commitment. Written out because the circuit has it as a constant. */
export const H: CurvePoint = Point.fromAffine({
  x: 18287911450080805439562907241845934071726128437727769640383619903978176685662n,
  y: 5059512997497181866612105603443260298586786595223492629568837072451765903010n,
}).precompute(8);
