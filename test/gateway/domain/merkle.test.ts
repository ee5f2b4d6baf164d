import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { toHex } from '../../../gateway/domain/hash.ts';
import {
  CompactTree,
  consistencyProof,
  edgeAt,
  inclusionProof,
  leafHash,
  type NodeSource,
  nodeHash,
  rootAt,
  rootOf,
} from '../../../gateway/domain/merkle.ts';
import { verifyConsistency, verifyInclusion } from '../../../gateway/domain/merkle-verify.ts';

/** RFC 6962 §2.1, word for word and slow: the model. */
const sha = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const modelRoot = (data: readonly Uint8Array[]): Buffer => {
  if (data.length === 0) return sha();
  if (data.length === 1) return sha(Buffer.of(0), data[0]!);
  let k = 1;
  while (k * 2 < data.length) k *= 2;
  return sha(Buffer.of(1), modelRoot(data.slice(0, k)), modelRoot(data.slice(k)));
};
const modelPath = (m: number, data: readonly Uint8Array[]): Buffer[] => {
  if (data.length === 1) return [];
  let k = 1;
  while (k * 2 < data.length) k *= 2;
  return m < k
    ? [...modelPath(m, data.slice(0, k)), modelRoot(data.slice(k))]
    : [...modelPath(m - k, data.slice(k)), modelRoot(data.slice(0, k))];
};
const modelSubproof = (m: number, data: readonly Uint8Array[], whole: boolean): Buffer[] => {
  if (m === data.length) return whole ? [] : [modelRoot(data)];
  let k = 1;
  while (k * 2 < data.length) k *= 2;
  return m <= k
    ? [...modelSubproof(m, data.slice(0, k), whole), modelRoot(data.slice(k))]
    : [...modelSubproof(m - k, data.slice(k), false), modelRoot(data.slice(0, k))];
};

const grow = (data: readonly Uint8Array[]): { tree: CompactTree; nodes: NodeSource; roots: Uint8Array[] } => {
  const known = new Map<string, Uint8Array>();
  const tree = new CompactTree();
  const roots = [tree.root()];
  for (const leaf of data) {
    tree.append(leafHash(leaf), (level, index, hash) => known.set(`${level}/${index}`, hash));
    roots.push(tree.root());
  }
  const nodes: NodeSource = async (level, index) => {
    const hash = known.get(`${level}/${index}`);
    if (hash === undefined) throw new Error(`node ${level}/${index} is not complete`);
    return hash;
  };
  return { tree, nodes, roots };
};
const leaves = (count: number): Uint8Array[] => Array.from({ length: count }, (_, n) => Buffer.from(`leaf ${n}`));
const hexes = (list: readonly Uint8Array[]) => list.map(toHex);

describe('domain/merkle (RFC 6962, RFC 9162)', () => {
  // Inputs and roots of certificate-transparency's own tests (merkletree/ of google/certificate-transparency).
  const known = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((hex) =>
    Buffer.from(hex, 'hex'),
  );
  const knownRoots = [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];
  it('has the roots of the eight standard leaves', () => {
    expect(hexes(grow(known).roots)).to.deep.equal(knownRoots.map((root) => `0x${root}`));
    expect(toHex(rootOf(known.map(leafHash)))).to.equal(`0x${knownRoots[8]}`);
  });
  it('has the standard inclusion and consistency proofs', async () => {
    const { nodes } = grow(known);
    const proof = async (list: Promise<readonly Uint8Array[]>) => hexes(await list).map((hash) => hash.slice(2, 10));
    expect(await proof(inclusionProof(0, 8, nodes))).to.deep.equal(['96a296d2', '5f083f0a', '6b47aaf2']);
    expect(await proof(inclusionProof(5, 8, nodes))).to.deep.equal(['bc1a0643', 'ca854ea1', 'd37ee418']);
    expect(await proof(inclusionProof(2, 3, nodes))).to.deep.equal(['fac54203']);
    expect(await proof(consistencyProof(1, 8, nodes))).to.deep.equal(['96a296d2', '5f083f0a', '6b47aaf2']);
    expect(await proof(consistencyProof(6, 8, nodes))).to.deep.equal(['0ebc5d34', 'ca854ea1', 'd37ee418']);
    expect(await proof(consistencyProof(2, 5, nodes))).to.deep.equal(['5f083f0a', 'bc1a0643']);
  });

  it('agrees with the model for every size up to 130', async () => {
    const data = leaves(130);
    const { roots, nodes } = grow(data);
    for (let size = 0; size <= 130; size += 1) {
      const model = modelRoot(data.slice(0, size));
      expect(model.equals(roots[size]!)).to.equal(true);
      expect(model.equals(await rootAt(size, nodes))).to.equal(true);
    }
  });

  it('proves and verifies every leaf and every pair of sizes up to 40 as the model does', async () => {
    const data = leaves(40);
    const { roots, nodes } = grow(data);
    for (let size = 1; size <= 40; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = await inclusionProof(index, size, nodes);
        expect(hexes(proof)).to.deep.equal(hexes(modelPath(index, data.slice(0, size))));
        expect(verifyInclusion(leafHash(data[index]!), index, size, proof, roots[size]!)).to.equal(true);
      }
      for (let from = 0; from <= size; from += 1) {
        const proof = await consistencyProof(from, size, nodes);
        expect(hexes(proof)).to.deep.equal(from === 0 ? [] : hexes(modelSubproof(from, data.slice(0, size), true)));
        expect(verifyConsistency(from, size, roots[from]!, roots[size]!, proof)).to.equal(true);
      }
    }
  });

  it('agrees with the model for bigger trees, and goes on from a stored edge', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 131, max: 600 }), fc.nat(), fc.nat(), async (size, a, b) => {
        const data = leaves(size);
        const { roots, nodes } = grow(data);
        const [index, from] = [a % size, b % (size + 1)];
        expect(modelRoot(data).equals(roots[size]!)).to.equal(true);
        expect(hexes(await inclusionProof(index, size, nodes))).to.deep.equal(hexes(modelPath(index, data)));
        const proof = await consistencyProof(from, size, nodes);
        expect(verifyConsistency(from, size, roots[from]!, roots[size]!, proof)).to.equal(true);
        const resumed = new CompactTree(from, await edgeAt(from, nodes));
        expect(toHex(resumed.root())).to.equal(toHex(roots[from]!));
        for (const leaf of data.slice(from)) resumed.append(leafHash(leaf));
        expect(toHex(resumed.root())).to.equal(toHex(roots[size]!));
        expect(hexes(resumed.edge())).to.deep.equal(hexes(await edgeAt(size, nodes)));
      }),
      { numRuns: 30 },
    );
  });

  it('refuses every altered inclusion proof', async () => {
    const { roots, nodes } = grow(leaves(100));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 100 }), fc.nat(), fc.nat(), fc.nat(255), async (size, a, b, bit) => {
        const index = a % size;
        const [leaf, root] = [leafHash(leaves(100)[index]!), roots[size]!];
        const proof = await inclusionProof(index, size, nodes);
        const flip = (hash: Uint8Array) => hash.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
        const place = b % proof.length;
        const wrong = [
          verifyInclusion(flip(leaf), index, size, proof, root),
          verifyInclusion(leaf, index, size, proof, flip(root)),
          verifyInclusion(
            leaf,
            index,
            size,
            proof.map((hash, at) => (at === place ? flip(hash) : hash)),
            root,
          ),
          verifyInclusion(leaf, index, size, proof.slice(1), root),
          verifyInclusion(leaf, index, size, [...proof, root], root),
          verifyInclusion(leaf, (index + 1) % size, size, proof, root),
        ];
        expect(wrong).to.deep.equal(wrong.map(() => false));
      }),
    );
  });

  it('refuses every altered consistency proof', async () => {
    const { roots, nodes } = grow(leaves(100));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 100 }), fc.nat(), fc.nat(), fc.nat(255), async (to, a, b, bit) => {
        const from = 1 + (a % (to - 1));
        const proof = await consistencyProof(from, to, nodes);
        const flip = (hash: Uint8Array) => hash.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
        const place = b % proof.length;
        const [old, now] = [roots[from]!, roots[to]!];
        const wrong = [
          verifyConsistency(from, to, flip(old), now, proof),
          verifyConsistency(from, to, old, flip(now), proof),
          verifyConsistency(
            from,
            to,
            old,
            now,
            proof.map((hash, at) => (at === place ? flip(hash) : hash)),
          ),
          verifyConsistency(from, to, old, now, proof.slice(0, -1)),
          verifyConsistency(from, to, old, now, [...proof, now]),
          verifyConsistency(from, to, old, now, []),
          verifyConsistency(to, from, now, old, proof),
        ];
        expect(wrong).to.deep.equal(wrong.map(() => false));
      }),
    );
  });

  it('never throws on garbage, and takes trivial proofs only where the chain does', () => {
    const root = leafHash(Buffer.from('x'));
    for (const [index, size] of [
      [-1, 1],
      [0, 0],
      [1, 1],
      [0.5, 2],
      [0, Number.MAX_VALUE],
      [Number.NaN, 1],
    ] as const)
      expect(verifyInclusion(root, index, size, [], root)).to.equal(false);
    expect(verifyInclusion(root, 0, 1, [], root)).to.equal(true);
    expect(verifyInclusion(root, 0, 2, [new Uint8Array(31)], root)).to.equal(false);
    expect(verifyConsistency(0, 5, root, root, [])).to.equal(true);
    expect(verifyConsistency(0, 5, root, root, [root])).to.equal(false);
    expect(verifyConsistency(5, 5, root, root, [])).to.equal(true);
    expect(verifyConsistency(5, 5, root, nodeHash(root, root), [])).to.equal(false);
    expect(verifyConsistency(5, 5, root, root, [root])).to.equal(false);
    expect(verifyConsistency(1, 2, root, root, [new Uint8Array(33)])).to.equal(false);
  });

  it('throws for what no tree can have', async () => {
    const { nodes } = grow(leaves(4));
    expect(() => new CompactTree(3, [])).to.throw(RangeError);
    for (const attempt of [inclusionProof(4, 4, nodes), inclusionProof(-1, 4, nodes), consistencyProof(3, 2, nodes)]) {
      expect(
        await attempt.then(
          () => 'proved',
          (error: unknown) => error,
        ),
      ).to.be.instanceOf(RangeError);
    }
  });
});
