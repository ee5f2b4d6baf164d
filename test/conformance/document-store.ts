import { expect } from 'chai';
import type { DocumentStore } from '../../gateway/ports/document-store.ts';
import { collect } from '../helpers/rejection.ts';

export type OpenDocuments = () => Promise<{ documents: DocumentStore; close(): Promise<void> }>;

/** What every implementation of ports/document-store.ts does. */
export const documentStoreConformance = (name: string, open: OpenDocuments): void => {
  describe(`document store: ${name}`, () => {
    let documents: DocumentStore;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ documents, close } = await open());
    });
    afterEach(() => close());

    it('gives back what was put', async () => {
      const review = { review: 'r1', 状态: '待复核', list: [1, 2.5, null, true], nested: { deep: ['x'] } };
      await documents.put('review', 'r1', review);
      expect(await documents.get('review', 'r1')).to.deep.equal(review);
    });

    it('keeps the value of the moment of the call', async () => {
      const value = { n: 1 };
      const put = documents.put('session', 'a', value);
      value.n = 2;
      await put;
      expect(await documents.get('session', 'a')).to.deep.equal({ n: 1 });
      const read = await documents.get<{ n: number }>('session', 'a');
      read!.n = 3;
      expect(await documents.get('session', 'a')).to.deep.equal({ n: 1 });
    });

    it('knows nothing of what was never put or was removed', async () => {
      expect(await documents.get('review', 'none')).to.equal(undefined);
      await documents.put('review', 'gone', 0);
      await documents.remove('review', 'gone');
      await documents.remove('review', 'never');
      expect(await documents.get('review', 'gone')).to.equal(undefined);
    });

    it('takes puts and removals of one key in the order of the calls', async () => {
      const calls = [1, 2, 3].map((n) => documents.put('session', 'k', n));
      calls.push(documents.remove('session', 'k'), documents.put('session', 'k', 4));
      await Promise.all(calls);
      expect(await documents.get('session', 'k')).to.equal(4);
    });

    it('keeps buckets apart', async () => {
      await documents.put('usage', 'same', 'usage');
      await documents.put('receipt', 'same', 'receipt');
      expect(await documents.get('usage', 'same')).to.equal('usage');
      expect(await collect(documents.list('receipt'))).to.deep.equal([['same', 'receipt']]);
      expect(await collect(documents.list('outbox'))).to.deep.equal([]);
    });

    it('lists in the order of the keys, from, to and up to a limit', async () => {
      const keys = ['b', 'a', 'aa', 'c/2', 'c/10', '乙', '', 'z'];
      await Promise.all(keys.map((key) => documents.put('outbox', key, key)));
      const sorted = ['', 'a', 'aa', 'b', 'c/10', 'c/2', 'z', '乙'];
      const list = async (range?: { from?: string; to?: string; limit?: number }) =>
        (await collect(documents.list<string>('outbox', range))).map(([key]) => key);
      expect(await list()).to.deep.equal(sorted);
      expect(await list({ from: 'aa' })).to.deep.equal(sorted.slice(2));
      expect(await list({ to: 'c/10' })).to.deep.equal(sorted.slice(0, 4));
      expect(await list({ from: 'a', to: 'z', limit: 2 })).to.deep.equal(['a', 'aa']);
      expect(await list({ limit: 0 })).to.deep.equal([]);
      expect(await list({ from: 'z', to: 'a' })).to.deep.equal([]);
    });

    it('refuses what is not JSON and keeps what was there', async () => {
      await documents.put('session', 'k', 1);
      let error: unknown;
      await documents.put('session', 'k', undefined).catch((caught: unknown) => {
        error = caught;
      });
      expect(error).to.be.instanceOf(TypeError);
      expect(await documents.get('session', 'k')).to.equal(1);
    });
  });
};
