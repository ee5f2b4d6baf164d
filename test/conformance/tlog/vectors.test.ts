import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { decodeLeaf } from '../../../gateway/audit/leaf.ts';
import { openCheckpoint } from '../../../gateway/audit/note.ts';
import { parseTileName } from '../../../gateway/audit/tile.ts';
import { codeOf, valueIn } from '../../helpers/refusal.ts';
import { concat, decodeBase64, utf8 } from './bytes.ts';
import { commitment, readLeaf, tagOf } from './leaf.ts';
import { entryHash, extends_, includes, type Nodes, parent, path, subproof, treeHash } from './merkle.ts';
import { type Head, readCheckpoint, readVerifierKey } from './note.ts';
import { tileName } from './reader.ts';

type Vectors = {
  readonly member: string;
  readonly log: number;
  readonly historyKey: string;
  readonly leaves: readonly {
    readonly what: string;
    readonly step: string;
    readonly time: number;
    readonly block: number;
    readonly outcome: string;
    readonly n: number | null;
    readonly opening: { readonly values: Record<string, string>; readonly salts: Record<string, string> };
    readonly text: string;
    readonly hash: string;
  }[];
  readonly refused: readonly { readonly why: string; readonly text: string }[];
  readonly tree: {
    readonly origin: string;
    readonly verifierKey: string;
    readonly checkpoints: readonly { readonly size: number; readonly note: string }[];
    readonly resources: readonly {
      readonly level: number | 'entries';
      readonly index: number;
      readonly width: number;
      readonly name: string;
      readonly sha256: string;
    }[];
    readonly inclusion: readonly { readonly index: number; readonly size: number; readonly proof: readonly string[] }[];
    readonly consistency: readonly { readonly from: number; readonly to: number; readonly proof: readonly string[] }[];
  };
};

const vectors = JSON.parse(readFileSync(join(import.meta.dirname, '../../vectors/audit-log.json'), 'utf8')) as Vectors;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('test vectors of the audit log, by a second reading of the specifications', () => {
  for (const { what, text, hash, opening, n, ...facts } of vectors.leaves)
    it(`leaf: ${what}`, () => {
      const leaf = readLeaf(utf8(text));
      expect(`0x${hex(entryHash(utf8(text)))}`).to.equal(hash);
      expect(leaf).to.include(facts);
      expect(leaf.tag).to.equal(n === null ? null : tagOf(vectors.historyKey, vectors.member, vectors.log, n));
      const commitments = Object.entries(opening.values).map(([name, value]) => [name, commitment(opening.salts[name] as string, value)]);
      expect(Object.fromEntries(leaf.commitments)).to.deep.equal(Object.fromEntries(commitments));
      expect(valueIn(decodeLeaf(utf8(text)))).to.include({ ...facts, tag: leaf.tag });
    });

  for (const { why, text } of vectors.refused)
    it(`no leaf: ${why}`, () => {
      expect(() => readLeaf(utf8(text))).to.throw();
      expect(codeOf(decodeLeaf(utf8(text)))).to.equal('LEAF_MALFORMED');
    });

  describe('the tree of short entries', () => {
    const { origin, verifierKey, checkpoints, resources, inclusion, consistency } = vectors.tree;
    const entries = Array.from({ length: 70_000 }, (_, index) => utf8(`entry ${index}`));
    const rows: Uint8Array[][] = [];
    const nodes: Nodes = async (height, index) => rows[height]?.[index] as Uint8Array;
    const heads = new Map<number, Head>();
    const root = (size: number): Uint8Array => heads.get(size)?.root as Uint8Array;

    before(() => {
      for (let row = entries.map(entryHash); row.length > 0; ) {
        rows.push(row);
        const below = row;
        row = Array.from({ length: below.length >> 1 }, (_, at) => parent(below[2 * at] as Uint8Array, below[2 * at + 1] as Uint8Array));
      }
      const key = readVerifierKey(verifierKey);
      for (const { size, note } of checkpoints) heads.set(size, readCheckpoint(utf8(note), origin, key));
    });

    it('has the roots that the checkpoints say', async () => {
      expect(heads.size).to.equal(8);
      for (const [size, head] of heads) {
        expect(head.size).to.equal(size);
        expect(hex(head.root)).to.equal(hex(await treeHash(0, size, nodes)));
      }
      const { key } = readVerifierKey(verifierKey);
      for (const { size, note } of checkpoints) expect(valueIn(openCheckpoint(note, origin, key)).size).to.equal(size);
    });

    for (const { level, index, width, name, sha256 } of resources)
      it(`has the resource ${name}`, () => {
        const places = Array.from({ length: width }, (_, n) => index * 256 + n);
        const prefixed = (entry: Uint8Array): Uint8Array => concat(Uint8Array.of(entry.length >> 8, entry.length & 255), entry);
        const parts = places.map((at) =>
          level === 'entries' ? prefixed(entries[at] as Uint8Array) : (rows[8 * level]?.[at] as Uint8Array),
        );
        expect(
          createHash('sha256')
            .update(concat(...parts))
            .digest('hex'),
        ).to.equal(sha256);
        const size = (index * 256 + width) * 256 ** (level === 'entries' ? 0 : level);
        expect(tileName(level, index, size)).to.equal(name);
        expect(parseTileName(name)).to.deep.equal({ level, index, width });
      });

    it('has the inclusion proofs', async () => {
      for (const { index, size, proof } of inclusion) {
        const hashes = proof.map(decodeBase64);
        expect(hashes.map(hex)).to.deep.equal((await path(index, 0, size, nodes)).map(hex));
        expect(includes(entryHash(entries[index] as Uint8Array), BigInt(index), BigInt(size), hashes, root(size))).to.equal(true);
      }
    });

    it('has the consistency proofs', async () => {
      for (const { from, to, proof } of consistency) {
        const hashes = proof.map(decodeBase64);
        expect(hashes.map(hex)).to.deep.equal((await subproof(from, 0, to, true, nodes)).map(hex));
        expect(extends_(BigInt(from), root(from), BigInt(to), root(to), hashes)).to.equal(true);
      }
    });
  });
});
