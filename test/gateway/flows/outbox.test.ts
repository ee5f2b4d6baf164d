import { expect } from 'chai';
import type { ConsentId, MemberId, UsageId } from '../../../gateway/domain/ids.ts';
import { type Delivery, Outbox, type OutboxWork } from '../../../gateway/flows/outbox.ts';
import type { DocumentStore } from '../../../gateway/ports/document-store.ts';
import { eventually } from '../../helpers/eventually.ts';
import { memoryDocumentStore } from '../../helpers/memory-document-store.ts';
import { seededRandomness } from '../../helpers/seeded-randomness.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const opening = (to: string, n = 0): OutboxWork => ({
  kind: 'opening',
  to: to as MemberId,
  consent: `0x${n}` as ConsentId,
  sealed: 'x',
  until: 0,
});
const receipt = (n: number): OutboxWork => ({
  kind: 'acknowledgement',
  to: 'grid' as MemberId,
  usage: `usage-${n}` as UsageId,
  response: '0x',
  verdict: 'ok',
});

describe('outbox', () => {
  let documents: DocumentStore;
  let opened: Outbox[] = [];
  beforeEach(() => {
    documents = memoryDocumentStore();
    opened = [];
  });
  afterEach(() => Promise.all(opened.map((outbox) => outbox.close())));

  const open = async (deliver: (works: readonly OutboxWork[]) => Promise<Delivery>): Promise<Outbox> => {
    const outbox = await Outbox.open({ documents, clock: { now: () => 1 }, randomness: seededRandomness('outbox'), log: silent, deliver });
    opened.push(outbox);
    return outbox;
  };
  const onDisk = async (): Promise<number> => {
    let count = 0;
    for await (const _ of documents.list('outbox')) count += 1;
    return count;
  };

  it('delivers, says so, and forgets', async () => {
    const seen: OutboxWork[] = [];
    const outbox = await open(async (works) => {
      seen.push(...works);
      return 'delivered';
    });
    const key = await outbox.enqueue(opening('grid'));
    expect(await outbox.finished(key, 5000)).to.equal(true);
    expect(seen).to.deep.equal([opening('grid')]);
    expect([await onDisk(), outbox.size]).to.deep.equal([0, 0]);
  });

  it('tries again until it is done, also after an exception, and holds up nobody else meanwhile', async () => {
    let failures = 3;
    const outbox = await open(async ([work]) => {
      if (work?.kind === 'opening' && work.to === 'grid' && failures > 0) {
        failures -= 1;
        if (failures === 1) throw new Error('unexpected');
        return 'again';
      }
      return 'delivered';
    });
    const [slow, quick] = [await outbox.enqueue(opening('grid')), await outbox.enqueue(opening('hub'))];
    expect(await outbox.finished(quick, 5000)).to.equal(true);
    expect(await outbox.finished(slow, 1)).to.equal(false);
    expect(await onDisk()).to.equal(1);
    await eventually('delivered at last', () => outbox.size === 0);
    expect([failures, await onDisk()]).to.deep.equal([0, 0]);
  });

  it('keeps what is undone over a restart, and drops what never can be', async () => {
    const first = await open(async () => 'again');
    await first.enqueue(opening('grid', 1));
    await first.enqueue({ kind: 'withdrawal', withdrawal: { consent: '0x1' as ConsentId, key: '0x' as never, signature: '0x' } });
    await first.close();
    expect(await onDisk()).to.equal(2);
    const seen: string[] = [];
    const second = await open(async ([work]) => {
      seen.push(work?.kind ?? '');
      return work?.kind === 'withdrawal' ? 'delivered' : 'dropped';
    });
    await eventually('taken up', () => second.size === 0);
    expect(seen.sort()).to.deep.equal(['opening', 'withdrawal']);
    expect(await onDisk()).to.equal(0);
  });

  it('prepared work waits for its release; a cancelled one is gone; one of a process that died is begun', async () => {
    const seen: OutboxWork[] = [];
    const deliver = async (works: readonly OutboxWork[]): Promise<Delivery> => {
      seen.push(...works);
      return 'delivered';
    };
    const outbox = await open(deliver);
    const [released, cancelled, left] = [1, 2, 3].map((n) => outbox.prepare(opening('grid', n)));
    await Promise.all([released, cancelled, left].map((work) => work?.durable));
    expect([seen.length, await onDisk()]).to.deep.equal([0, 3]);
    await cancelled?.cancel();
    released?.release();
    await eventually('released', () => seen.length === 1);
    await outbox.close();
    const second = await open(deliver);
    await eventually('begun', () => seen.length === 2 && second.size === 0);
    expect(seen).to.deep.equal([opening('grid', 1), opening('grid', 3)]);
  });

  it('gathers acknowledgements, and nothing else, into few attempts', async () => {
    const sizes: number[] = [];
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const outbox = await open(async (works) => {
      sizes.push(works.length);
      await gate;
      return 'delivered';
    });
    await Promise.all(Array.from({ length: 151 }, (_, n) => outbox.enqueue(receipt(n))));
    go();
    await eventually('all gone', () => outbox.size === 0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).to.equal(151);
    expect(Math.max(...sizes)).to.be.at.most(100);
    expect(sizes.length).to.be.within(2, 4);
    sizes.length = 0;
    await Promise.all(Array.from({ length: 5 }, (_, n) => outbox.enqueue(opening('grid', n))));
    await eventually('all gone', () => outbox.size === 0);
    expect(sizes).to.deep.equal([1, 1, 1, 1, 1]);
  });

  it('leaves acknowledgements that were still gathering to the next run', async () => {
    const seen: OutboxWork[] = [];
    const deliver = async (works: readonly OutboxWork[]): Promise<'delivered'> => {
      seen.push(...works);
      return 'delivered';
    };
    const first = await open(deliver);
    await first.enqueue(receipt(1));
    await first.close();
    expect(seen).to.deep.equal([]);
    const second = await open(deliver);
    await eventually('sent', () => second.size === 0);
    expect(seen).to.deep.equal([receipt(1)]);
  });
});
