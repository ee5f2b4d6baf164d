import { MerklePatriciaTrie } from '@ethereumjs/mpt';
import { MerkleStateManager } from '@ethereumjs/statemanager';
import { Account, createAddressFromString, type DB, MapDB, ValueEncoding } from '@ethereumjs/util';
import { expect } from 'chai';
import fc from 'fast-check';
import { reachableNodes } from '../../../../node/engines/embedded/reachable-nodes.ts';

const addressOf = (account: number) => createAddressFromString(`0x${account.toString(16).padStart(40, '0')}`);
const slotOf = (slot: number) => new Uint8Array(32).fill(slot);

function stateOver(nodes: Map<string, Uint8Array>): MerkleStateManager {
  const db = new MapDB(nodes) as unknown as DB<string, Uint8Array>;
  return new MerkleStateManager({ trie: new MerklePatriciaTrie({ db, useKeyHashing: true, valueEncoding: ValueEncoding.Bytes }) });
}

const change = fc.record({ account: fc.nat(12), slot: fc.nat(20), value: fc.nat(255), code: fc.boolean(), drop: fc.boolean() });

describe('nodes that a new state root reaches', () => {
  it('are, with those of the blocks before, all that the state needs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(change, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 5 }), async (blocks) => {
        const disk = new Map<string, Uint8Array>();
        let root: Uint8Array | undefined;
        const expected = new Map<string, number>();
        for (const changes of blocks) {
          const work = new Map(disk);
          const state = stateOver(work);
          if (root !== undefined) await state.setStateRoot(root);
          for (const { account, slot, value, code, drop } of changes) {
            const address = addressOf(account);
            if ((await state.getAccount(address)) === undefined) await state.putAccount(address, new Account(1n));
            if (code) await state.putCode(address, Uint8Array.of(account, value));
            await state.putStorage(address, slotOf(slot), drop ? new Uint8Array() : Uint8Array.of(value));
            expected.set(`${account}/${slot}`, drop ? 0 : value);
          }
          root = await state.getStateRoot();
          const pending = new Map([...work].filter(([key]) => !disk.has(key)));
          for (const [key, node] of reachableNodes(root, pending)) disk.set(key, node);
        }
        const reread = stateOver(disk);
        await reread.setStateRoot(root as Uint8Array);
        for (const [at, value] of expected) {
          const [account, slot] = at.split('/').map(Number) as [number, number];
          const found = await reread.getStorage(addressOf(account), slotOf(slot));
          expect(found[0] ?? 0, at).to.equal(value);
          const { codeHash } = (await reread.getAccount(addressOf(account))) as Account;
          const code = await reread.getCode(addressOf(account));
          expect(code.length, at).to.equal(Buffer.compare(codeHash, new Account().codeHash) === 0 ? 0 : 2);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('leaves out the stations on the way', async () => {
    const work = new Map<string, Uint8Array>();
    const state = stateOver(work);
    for (let account = 0; account < 30; account += 1) await state.putAccount(addressOf(account), new Account(1n));
    const kept = reachableNodes(await state.getStateRoot(), work);
    expect(kept.size).to.be.lessThan(work.size);
    expect(kept.size).to.be.greaterThan(30);
  });
});
