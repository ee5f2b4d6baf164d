import { expect } from 'chai';
import type { BaseContract } from 'ethers';
import { consistencyProof, hex, inclusionPath, leafHash, treeHash } from '../helpers/merkle-model.ts';
import { ethers, view } from '../helpers/world.ts';

/**
 * Inputs and roots of the tree that Certificate Transparency's reference implementations share (certificate-transparency-go,
 * testdata of the merkle package): eight leaves and the root after each.
 */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((leaf) =>
  leafHash(Buffer.from(leaf, 'hex')),
);
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
].map((root) => Buffer.from(root, 'hex'));

const leaves = (count: number): Buffer[] => Array.from({ length: count }, (_, i) => leafHash(Buffer.from(`leaf ${i}`)));
const deep = process.env.XINSHU_DEEP === '1';

describe('MerkleLog (RFC 9162 §2.1)', () => {
  let log: BaseContract;
  before(async () => {
    log = await ethers.deployContract('MerkleLogMock');
  });
  const includes = (root: Buffer, size: number, leaf: Buffer, index: number, proof: Buffer[]): Promise<boolean> =>
    view(log, 'verifyInclusion', hex(root), size, hex(leaf), index, proof.map(hex));
  const extendsTo = (first: number, firstRoot: Buffer, second: number, secondRoot: Buffer, proof: Buffer[]): Promise<boolean> =>
    view(log, 'verifyConsistency', first, hex(firstRoot), second, hex(secondRoot), proof.map(hex));
  const altered = (hash: Buffer): Buffer => {
    const copy = Buffer.from(hash);
    copy[31] = (copy[31] ?? 0) ^ 1;
    return copy;
  };

  it('agrees with the known roots', async () => {
    for (const [index, root] of ROOTS.entries()) {
      const size = index + 1;
      const hashes = LEAVES.slice(0, size);
      expect(treeHash(hashes).equals(root), `root of ${size}`).to.equal(true);
      for (const [m, leaf] of hashes.entries()) expect(await includes(root, size, leaf, m, inclusionPath(m, hashes))).to.equal(true);
      for (let m = 1; m < size; m++) {
        expect(await extendsTo(m, ROOTS[m - 1] as Buffer, size, root, consistencyProof(m, hashes))).to.equal(true);
      }
    }
  });

  it('accepts every proof of the model, and no neighbour of one, for every size', async () => {
    for (let size = 1; size <= (deep ? 70 : 20); size++) {
      const hashes = leaves(size);
      const root = treeHash(hashes);
      for (const [index, leaf] of hashes.entries()) {
        const proof = inclusionPath(index, hashes);
        expect(await includes(root, size, leaf, index, proof), `${index} in ${size}`).to.equal(true);
        expect(await includes(root, size, leaf, index, [...proof, root]), `${index} in ${size}, longer`).to.equal(false);
        expect(await includes(root, size, altered(leaf), index, proof), `${index} in ${size}, other leaf`).to.equal(false);
        if (proof.length === 0) continue;
        expect(await includes(root, size, leaf, index, proof.slice(1)), `${index} in ${size}, shorter`).to.equal(false);
        expect(await includes(root, size, leaf, (index + 1) % size, proof), `${index} in ${size}, moved`).to.equal(false);
      }
      for (let first = 1; first < size; first++) {
        const firstRoot = treeHash(hashes.slice(0, first));
        const proof = consistencyProof(first, hashes);
        const label = `${first} to ${size}`;
        expect(await extendsTo(first, firstRoot, size, root, proof), label).to.equal(true);
        expect(await extendsTo(first, firstRoot, size, root, [...proof, root]), `${label}, longer`).to.equal(false);
        expect(await extendsTo(first, firstRoot, size, root, proof.slice(0, -1)), `${label}, shorter`).to.equal(false);
        expect(await extendsTo(first, altered(firstRoot), size, root, proof), `${label}, other first root`).to.equal(false);
        expect(await extendsTo(first, firstRoot, size, altered(root), proof), `${label}, other second root`).to.equal(false);
        const bent = proof.map((hash, i) => (i === proof.length - 1 ? altered(hash) : hash));
        expect(await extendsTo(first, firstRoot, size, root, bent), `${label}, other node`).to.equal(false);
      }
    }
  });

  it('accepts proofs of large trees', async () => {
    const hashes = leaves(deep ? 5000 : 1030);
    const root = treeHash(hashes);
    for (const first of [1, 2, 255, 256, 257, 512, 1000, 1023, 1024, 1029]) {
      const firstRoot = treeHash(hashes.slice(0, first));
      expect(await extendsTo(first, firstRoot, hashes.length, root, consistencyProof(first, hashes)), `${first}`).to.equal(true);
      expect(await includes(root, hashes.length, hashes[first] as Buffer, first, inclusionPath(first, hashes)), `${first}`).to.equal(true);
    }
  });

  it('does not mistake a tree for a larger or smaller one whose path looks the same', async () => {
    const hashes = leaves(8);
    const root = (size: number): Buffer => treeHash(hashes.slice(0, size));
    const [small, large] = [consistencyProof(3, hashes.slice(0, 4)), consistencyProof(7, hashes)];
    // Only step 7's and step 6a's look at sn tells these from the true claims.
    expect(await extendsTo(7, root(3), 8, root(4), small)).to.equal(false);
    expect(await extendsTo(3, root(7), 4, root(8), large)).to.equal(false);
    const [inSmall, inLarge] = [inclusionPath(3, hashes.slice(0, 4)), inclusionPath(7, hashes)];
    expect(await includes(root(4), 8, hashes[3] as Buffer, 7, inSmall)).to.equal(false);
    expect(await includes(root(8), 4, hashes[7] as Buffer, 3, inLarge)).to.equal(false);
  });

  it('refuses an index at or beyond the size', async () => {
    const [leaf] = leaves(1) as [Buffer];
    expect(await includes(leaf, 1, leaf, 0, [])).to.equal(true);
    expect(await includes(leaf, 1, leaf, 1, [])).to.equal(false);
    expect(await includes(leaf, 0, leaf, 0, [])).to.equal(false);
  });
});
