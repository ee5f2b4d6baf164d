import { expect } from 'chai';
import fc from 'fast-check';
import {
  G,
  H,
  hashToPoint,
  multiply,
  pointFromAffine,
  pointFromHex,
  pointToHex,
  scalarFromBytes,
  subgroupOrder,
  sumPoints,
  toScalar,
} from '../../../gateway/scoring/babyjubjub.ts';
import { commit } from '../../../gateway/scoring/pedersen.ts';

const scalar = fc.bigInt({ min: 0n, max: subgroupOrder - 1n });
// EIP-2494 names both: a generator of the whole curve, and B = 8·generator.
const wholeCurve = {
  x: 995203441582195749578291179787384436505546430278305826713579947235728471134n,
  y: 5472060717959818805561601436314318772137091100104008585924551046643952123905n,
};

describe('scoring/babyjubjub', () => {
  it("has circomlib's Base8 as G, and EIP-2494's order", () => {
    // circomlib, circuits/babyjub.circom: BASE8
    expect(G.toAffine()).to.deep.equal({
      x: 5299619240641551281634865583518297030282874472190772894086521144482721001553n,
      y: 16950150798460657717958625567821834550301663161624707787222815936182638968203n,
    });
    expect(subgroupOrder).to.equal(2736030358979909402780800718157159386076813972158567259200215660948447373041n);
  });

  it('has the H that its derivation gives, and another for another domain', () => {
    expect(hashToPoint('xinshu/v1/pedersen/H').equals(H)).to.equal(true);
    expect(hashToPoint('xinshu/v1/pedersen/I').equals(H)).to.equal(false);
    expect(H.isTorsionFree()).to.equal(true);
    expect(H.is0()).to.equal(false);
  });

  it('multiplies by 0 too, and takes negative integers', () => {
    expect(multiply(G, 0n).is0()).to.equal(true);
    expect(multiply(G, toScalar(-3n)).add(multiply(G, 3n)).is0()).to.equal(true);
  });

  it('spells a point in one way', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: subgroupOrder - 1n }), (k) => {
        const point = multiply(H, k);
        expect(pointFromHex(pointToHex(point))?.equals(point)).to.equal(true);
        expect(pointFromAffine(point.toAffine())?.equals(point)).to.equal(true);
      }),
      { numRuns: 10 },
    );
  });

  it('takes no point outside the subgroup, off the curve, or spelled otherwise', () => {
    expect(pointFromAffine(wholeCurve)).to.equal(undefined);
    expect(pointFromAffine({ x: 0n, y: -1n })).to.equal(undefined);
    expect(pointFromAffine({ x: G.x, y: G.y + 1n })).to.equal(undefined);
    // (0, -1) has order 2.
    for (const y of [G.toAffine().y + 1n, 21888242871839275222246405745257275088548364400416034343698204186575808495616n]) {
      expect(pointFromHex(`0x${Buffer.from(y.toString(16).padStart(64, '0'), 'hex').reverse().toString('hex')}`)).to.equal(undefined);
    }
    // The field's order plus 1: the neutral point's y, spelled too large.
    expect(pointFromHex('0x020000f093f5e1439170b97948e833285d588181b64550b829a031e1724e6430')).to.equal(undefined);
    expect(pointFromHex(pointToHex(G).toUpperCase())).to.equal(undefined);
    expect(pointFromHex('0x01')).to.equal(undefined);
    expect(pointFromHex(`0x01${'00'.repeat(31)}`)).to.equal(undefined);
    expect(pointFromAffine({ x: 0n, y: 1n })).to.equal(undefined);
  });

  it('makes uniform scalars from 48 bytes', () => {
    expect(scalarFromBytes(new Uint8Array(48).fill(255)) < subgroupOrder).to.equal(true);
    expect(() => scalarFromBytes(new Uint8Array(47))).to.throw(RangeError);
  });

  it('commits additively, so that shares add up to what they were made from', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(scalar, scalar), { minLength: 1, maxLength: 4 }), (shares) => {
        const total = shares.reduce<[bigint, bigint]>(([v, r], [dv, dr]) => [toScalar(v + dv), toScalar(r + dr)], [0n, 0n]);
        expect(sumPoints(shares.map(([v, r]) => commit(v, r))).equals(commit(...total))).to.equal(true);
        expect(commit(...total).equals(commit(toScalar(total[0] + 1n), total[1]))).to.equal(false);
      }),
      { numRuns: 10 },
    );
  });
});
