import { expect } from 'chai';
import fc from 'fast-check';
import { checkInclusion, readProof } from '../../../gateway/audit/proof.ts';
import { sha256, toHex } from '../../../gateway/domain/hash.ts';
import { verifyConsistency, verifyInclusion } from '../../../gateway/domain/merkle-verify.ts';
import { extends_, includes, parent } from '../../conformance/tlog/merkle.ts';
import { codeOf } from '../../helpers/refusal.ts';

const hash = (seed: number): Uint8Array => sha256(`hash ${seed}`);
const hashes = (count: number, seed: number): Uint8Array[] => Array.from({ length: count }, (_, n) => hash(seed * 100 + n));
const size = fc.oneof(
  fc.integer({ min: 1, max: 2000 }),
  fc.maxSafeNat().map((n) => n + (n === 0 ? 1 : 0)),
  // Where numbers are near powers of two, and no longer exact in a logarithm.
  fc
    .tuple(fc.nat(52), fc.integer({ min: -2, max: 2 }))
    .map(([power, by]) => Math.max(1, Math.min(Number.MAX_SAFE_INTEGER, 2 ** power + by))),
);

type Inclusion = {
  readonly index: number;
  readonly size: number;
  readonly leaf: Uint8Array;
  readonly proof: Uint8Array[];
  readonly root: Uint8Array;
};

/** A leaf, a proof of made-up siblings and the root they lead to: it need not be known what else is in the tree. */
const inclusion = fc.tuple(size, fc.maxSafeNat(), fc.nat(1000)).map(([count, place, seed]): Inclusion => {
  const index = place % count;
  const [leaf, proof] = [hash(seed), [] as Uint8Array[]];
  let [fn, sn, root] = [BigInt(index), BigInt(count - 1), leaf];
  for (let n = 0; sn > 0n; n += 1) {
    const sibling = hash(seed * 100 + n + 1);
    proof.push(sibling);
    if (fn % 2n === 1n || fn === sn) {
      root = parent(sibling, root);
      while (fn % 2n === 0n && fn !== 0n) [fn, sn] = [fn / 2n, sn / 2n];
    } else root = parent(root, sibling);
    [fn, sn] = [fn / 2n, sn / 2n];
  }
  return { index, size: count, leaf, proof, root };
});

type Consistency = {
  readonly first: number;
  readonly second: number;
  readonly firstRoot: Uint8Array;
  readonly secondRoot: Uint8Array;
  readonly proof: Uint8Array[];
};

const consistency = fc.tuple(size, size, fc.nat(1000)).map(([a, b, seed]): Consistency => {
  const [first, second] = a < b ? [a, b] : [b, a];
  const start = hash(seed);
  if (first === second) return { first, second, firstRoot: start, secondRoot: start, proof: [] };
  let [fn, sn, fr, sr] = [BigInt(first - 1), BigInt(second - 1), start, start];
  const whole = (BigInt(first) & BigInt(first - 1)) === 0n;
  const proof: Uint8Array[] = whole ? [] : [start];
  while (fn % 2n === 1n) [fn, sn] = [fn / 2n, sn / 2n];
  for (let n = 0; sn > 0n; n += 1) {
    const node = hash(seed * 100 + n + 1);
    proof.push(node);
    if (fn % 2n === 1n || fn === sn) {
      [fr, sr] = [parent(node, fr), parent(node, sr)];
      while (fn % 2n === 0n && fn !== 0n) [fn, sn] = [fn / 2n, sn / 2n];
    } else sr = parent(sr, node);
    [fn, sn] = [fn / 2n, sn / 2n];
  }
  return { first, second, firstRoot: fr, secondRoot: sr, proof };
});

const flip = (bytes: Uint8Array, bit: number): Uint8Array =>
  bytes.map((byte, at) => (at === (bit >> 3) % bytes.length ? byte ^ (1 << (bit & 7)) : byte));
const without = <T>(list: readonly T[], at: number): T[] => list.filter((_, place) => place !== at);

describe('audit/proof', () => {
  it('verifies what leads to the root, for trees of any size', () => {
    fc.assert(
      fc.property(inclusion, ({ leaf, index, size: count, proof, root }) => verifyInclusion(leaf, index, count, proof, root)),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(consistency, ({ first, second, firstRoot, secondRoot, proof }) =>
        verifyConsistency(first, second, firstRoot, secondRoot, proof),
      ),
      { numRuns: 500 },
    );
  });

  it('verifies no inclusion proof that was changed, cut, extended or taken for another place or size', () => {
    fc.assert(
      fc.property(inclusion, fc.nat(255), fc.nat(), (valid, bit, at) => {
        const { index, size: count, leaf, proof, root } = valid;
        const place = proof.length === 0 ? 0 : at % proof.length;
        const wrong: [Uint8Array, number, number, readonly Uint8Array[], Uint8Array][] = [
          [flip(leaf, bit), index, count, proof, root],
          [leaf, index, count, proof, flip(root, bit)],
          [leaf, index, count, [...proof, hash(at)], root],
          [leaf, index, count, [hash(at), ...proof], root],
          [leaf, count, count, proof, root],
          [leaf, -1, count, proof, root],
          [leaf, 0.5, count, proof, root],
          [leaf, index, Number.NaN, proof, root],
          [leaf, index, 0, proof, root],
          [leaf, 2 ** 53, 2 ** 54, proof, root],
          [leaf.subarray(1), index, count, proof, root],
          [leaf, index, count, proof, root.subarray(1)],
          [leaf, index, count, proof, new Uint8Array(0)],
          ...(proof.length === 0
            ? []
            : (
                [
                  [leaf, index, count, proof.map((node, n) => (n === place ? flip(node, bit) : node)), root],
                  [leaf, index, count, proof.map((node, n) => (n === place ? node.subarray(1) : node)), root],
                  [leaf, index, count, without(proof, place), root],
                  [leaf, index, count, [], root],
                  [leaf, index, count, [...proof, ...proof], root],
                  [leaf, index % 2 === 0 ? index + 1 : index - 1, count, proof, root],
                ] as const
              ).map((row) => [...row] as [Uint8Array, number, number, readonly Uint8Array[], Uint8Array])),
        ];
        for (const [n, row] of wrong.entries()) expect(verifyInclusion(...row), `change ${n}`).to.equal(false);
      }),
      { numRuns: 300 },
    );
  });

  it('verifies no consistency proof that was changed, cut, extended or taken for other sizes', () => {
    fc.assert(
      fc.property(consistency, fc.nat(255), fc.nat(), (valid, bit, at) => {
        const { first, second, firstRoot, secondRoot, proof } = valid;
        const place = proof.length === 0 ? 0 : at % proof.length;
        type Row = [number, number, Uint8Array, Uint8Array, readonly Uint8Array[]];
        const wrong: Row[] = [
          [first, second, flip(firstRoot, bit), secondRoot, proof],
          [first, second, firstRoot, flip(secondRoot, bit), proof],
          [first, second, firstRoot, secondRoot, [...proof, hash(at)]],
          [first, second, firstRoot, secondRoot, [hash(at), ...proof]],
          [second + 1, second, firstRoot, secondRoot, proof],
          [0.5, second, firstRoot, secondRoot, proof],
          [-1, second, firstRoot, secondRoot, proof],
          [first, Number.POSITIVE_INFINITY, firstRoot, secondRoot, proof],
          [first, 0, firstRoot, secondRoot, proof],
          [0, second, firstRoot, secondRoot, [hash(at)]],
          [first, second, new Uint8Array(100), secondRoot, proof],
          [first, second, firstRoot, new Uint8Array(31), proof],
        ];
        if (proof.length > 0)
          wrong.push(
            [first, second, firstRoot, secondRoot, proof.map((node, n) => (n === place ? flip(node, bit) : node))],
            [first, second, firstRoot, secondRoot, proof.map((node, n) => (n === place ? new Uint8Array(33) : node))],
            [first, second, firstRoot, secondRoot, without(proof, place)],
            [first, second, firstRoot, secondRoot, []],
            [second, second, firstRoot, secondRoot, proof],
            [first, first, firstRoot, secondRoot, proof],
          );
        for (const [n, row] of wrong.entries()) expect(verifyConsistency(...row), `change ${n}`).to.equal(false);
      }),
      { numRuns: 300 },
    );
  });

  it('judges any proof for any sizes as a second reading of RFC 9162 does', () => {
    const proof = fc.tuple(fc.nat(60), fc.nat(50)).map(([count, seed]) => hashes(count, seed));
    fc.assert(
      fc.property(inclusion, size, size, proof, (valid, a, b, other) => {
        for (const [index, count, given] of [
          [a, b, valid.proof],
          [valid.index, b, valid.proof],
          [a, valid.size, valid.proof],
          [valid.index, valid.size, other],
        ] as const)
          expect(verifyInclusion(valid.leaf, index, count, given, valid.root)).to.equal(
            includes(valid.leaf, BigInt(index), BigInt(count), given, valid.root),
          );
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(consistency, size, size, proof, (valid, a, b, other) => {
        for (const [first, second, given] of [
          [a, b, valid.proof],
          [valid.first, b, valid.proof],
          [a, valid.second, valid.proof],
          [valid.first, valid.second, other],
        ] as const)
          expect(verifyConsistency(first, second, valid.firstRoot, valid.secondRoot, given)).to.equal(
            extends_(BigInt(first), valid.firstRoot, BigInt(second), valid.secondRoot, given),
          );
      }),
      { numRuns: 300 },
    );
  });

  it('refuses with a code whatever is given for a proof', () => {
    const root = hash(1);
    const claim = (proof: unknown, index = 0, count = 1) => codeOf(checkInclusion({ leafHash: root, index, size: count, root, proof }));
    expect(checkInclusion({ leafHash: root, index: 0, size: 1, root, proof: [] }).ok).to.equal(true);
    expect(claim([toHex(root)])).to.equal('PROOF_MISMATCH');
    expect(claim([], 0, 2)).to.equal('PROOF_MISMATCH');
    for (const proof of [
      undefined,
      null,
      {},
      'x',
      [1],
      [null],
      ['0x'],
      [`0x${'0'.repeat(63)}`],
      [toHex(root).toUpperCase()],
      Array(65).fill(toHex(root)),
    ])
      expect(claim(proof), JSON.stringify(proof)).to.equal('PROOF_MALFORMED');
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (proof, index, count) => {
        const read = readProof(proof);
        if (!read.ok) expect(read.refusal.code).to.equal('PROOF_MALFORMED');
        expect(['PROOF_MALFORMED', 'PROOF_MISMATCH']).to.include(
          codeOf(checkInclusion({ leafHash: hash(2), index: index as number, size: count as number, root, proof })),
        );
      }),
    );
  });
});
