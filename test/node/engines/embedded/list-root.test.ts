import { MerklePatriciaTrie } from '@ethereumjs/mpt';
import { RLP } from '@ethereumjs/rlp';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { listRoot } from '../../../../node/engines/embedded/list-root.ts';

async function byTrieLibrary(items: readonly Uint8Array[]): Promise<string> {
  const trie = new MerklePatriciaTrie();
  for (const [index, item] of items.entries()) await trie.put(RLP.encode(index), item);
  return Buffer.from(trie.root()).toString('hex');
}

describe('root of a list in a header', () => {
  it('is the root of the empty trie for no items', () => {
    expect(Buffer.from(listRoot([], keccak_256)).toString('hex')).to.equal(
      '56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421',
    );
  });

  it('equals the trie library putting the items in one by one', async () => {
    const items = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 300, size: 'max' });
    await fc.assert(
      fc.asyncProperty(items, async (list) => {
        expect(Buffer.from(listRoot(list, keccak_256)).toString('hex')).to.equal(await byTrieLibrary(list));
      }),
      { numRuns: 40 },
    );
  });

  it('equals it across the lengths where the key of the index grows', async () => {
    for (const length of [1, 2, 16, 127, 128, 129, 255, 256, 257, 300]) {
      const list = Array.from({ length }, (_, index) => Uint8Array.of(1, index & 255, index >> 8));
      expect(Buffer.from(listRoot(list, keccak_256)).toString('hex'), String(length)).to.equal(await byTrieLibrary(list));
    }
  });
});
