import { expect } from 'chai';
import { MirrorSaver } from '../../../../gateway/adapters/ledger/mirror/mirror-saver.ts';
import type { MirroredBlock } from '../../../../gateway/adapters/ledger/mirror/mirror-state.ts';
import { MirrorStore } from '../../../../gateway/adapters/ledger/mirror/mirror-store.ts';
import type { Address, Hex } from '../../../../gateway/domain/ids.ts';
import type { Namespace, NamespaceWrite } from '../../../../gateway/ports/namespace.ts';
import { memoryNamespace } from '../../../helpers/memory-namespace.ts';

const directory = `0x${'d1'.repeat(20)}` as Address;
const block = (number: number, values = 0): MirroredBlock => ({
  ref: { number, hash: `0x${number.toString(16).padStart(64, '0')}` as Hex, time: 1_700_000_000 + number },
  changes: Array.from({ length: values }, (_, at) => ({
    kind: 'parameter',
    key: `max-block-age-${at}`,
    value: { name: `max-block-age-${at}`, values: [{ value: 2n ** 70n + BigInt(number), effectiveFrom: number }] },
  })),
});

/** A namespace that counts writes and rejects those it is told to, persisted or not. */
const faulty = (faults: ('lost' | 'persisted but reported lost' | 'ok')[]) => {
  const inner = memoryNamespace();
  const writes: (readonly NamespaceWrite[])[] = [];
  const namespace: Namespace = {
    ...inner,
    write: async (operations) => {
      writes.push(operations);
      const fault = faults.shift() ?? 'ok';
      if (fault !== 'lost') await inner.write(operations);
      if (fault !== 'ok') throw new Error(fault);
    },
  };
  return { namespace, writes };
};
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const saverOf = (namespace: Namespace, now = () => 0) => {
  const store = new MirrorStore(namespace, 619_900, directory);
  return { store, saver: new MirrorSaver(store, { now }, silent) };
};
const loaded = async (store: MirrorStore): Promise<MirroredBlock[]> => {
  const blocks: MirroredBlock[] = [];
  for await (const stored of store.load()) blocks.push(stored);
  return blocks;
};

describe('storing the mirror', () => {
  it('gives back what it was given, in order', async () => {
    const { namespace } = faulty([]);
    const { store, saver } = saverOf(namespace);
    const blocks = [block(0), block(1, 2), block(2), block(300, 12), block(70_000, 1)];
    for (const one of blocks) saver.add(one);
    await saver.flush();
    expect(await loaded(store)).to.deep.equal(blocks);
  });

  for (const fault of ['lost', 'persisted but reported lost'] as const) {
    it(`writes again what was ${fault}, and never a head ahead of what it stands on`, async () => {
      const { namespace } = faulty(['ok', fault, fault]);
      const { store, saver } = saverOf(namespace);
      saver.add(block(0, 1));
      await saver.flush();
      saver.add(block(1, 1));
      await saver.flush();
      const after = await loaded(store);
      expect(after.map(({ ref }) => ref.number)).to.deep.equal(fault === 'lost' ? [0] : [0, 1]);
      saver.add(block(2, 1));
      await saver.flush();
      await saver.flush();
      expect(await loaded(store)).to.deep.equal([block(0, 1), block(1, 1), block(2, 1)]);
    });
  }

  it('writes blocks without changes rarely', async () => {
    let now = 0;
    const { namespace, writes } = faulty([]);
    const { store, saver } = saverOf(namespace, () => now);
    saver.add(block(0, 1));
    await saver.flush();
    for (let number = 1; number <= 40; number += 1) {
      now += 100;
      saver.add(block(number));
    }
    expect(writes).to.have.length(1);
    now += 5_000;
    saver.add(block(41));
    await saver.flush();
    expect(writes).to.have.length(2);
    expect(await loaded(store)).to.have.length(42);
  });

  it('is empty after it was cleared', async () => {
    const { namespace } = faulty([]);
    const { store, saver } = saverOf(namespace);
    saver.add(block(0, 3));
    await saver.flush();
    await store.clear();
    expect(await loaded(store)).to.deep.equal([]);
    let left = 0;
    for await (const _ of namespace.range()) left += 1;
    expect(left).to.equal(0);
  });
});
