import { expect } from 'chai';
import fc from 'fast-check';
import { poseidonHash } from '../../../gateway/domain/poseidon.ts';
import { featureLeaf } from '../../../gateway/scoring/feature-leaf.ts';
import { buildFeatureTree, rootOfPath, treeDepth } from '../../../gateway/scoring/feature-tree.ts';

const features = Array.from({ length: 16 }, (_, place) => place);

describe('scoring: the feature tree', () => {
  it('packs six codes into an element before it hashes', () => {
    const packed = [0, 6, 12].map((from) =>
      features.slice(from, from + 6).reduce((sum, code, place) => sum + BigInt(code) * 2n ** BigInt(40 * place), 0n),
    );
    expect(featureLeaf(5n, features, 7n)).to.equal(poseidonHash([5n, poseidonHash(packed), 7n]));
  });

  it('is empty with the root of ten levels of nothing', () => {
    let node = 0n;
    for (let level = 0; level < treeDepth; level += 1) node = poseidonHash([node, node, node, node]);
    expect(buildFeatureTree([]).root).to.equal(node);
  });

  it('leads from every leaf to the root, and from nothing else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 22 }), fc.nat(), (size, pick) => {
        const leaves = Array.from({ length: size }, (_, place) => BigInt(place + 100));
        const tree = buildFeatureTree(leaves);
        const index = pick % size;
        const path = tree.path(index);
        expect(path.length).to.equal(treeDepth);
        expect(rootOfPath(leaves[index]!, path)).to.equal(tree.root);
        expect(rootOfPath(leaves[index]! + 1n, path)).to.equal(undefined);
        const [first, ...rest] = path;
        const moved = { place: (first!.place + 1) % 4, children: first!.children };
        expect(rootOfPath(leaves[index]!, [moved, ...rest])).to.equal(undefined);
      }),
      { numRuns: 10 },
    );
  });

  it('depends on every leaf and its place', () => {
    const leaves = [1n, 2n, 3n, 4n, 5n];
    const roots = [leaves, leaves.toReversed(), [...leaves, 0n, 6n], leaves.with(4, 6n)].map((some) => buildFeatureTree(some).root);
    expect(new Set(roots).size).to.equal(4);
    expect(() => buildFeatureTree(leaves).path(5)).to.throw(RangeError);
    expect(() => buildFeatureTree({ length: 2 ** 20 + 1 } as bigint[])).to.throw(RangeError);
  });
});
