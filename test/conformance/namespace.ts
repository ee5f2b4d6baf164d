import { expect } from 'chai';
import type { Namespace, NamespaceRange } from '../../gateway/ports/namespace.ts';
import { collect } from '../helpers/rejection.ts';

export type OpenNamespaces = () => Promise<{ mirror: Namespace; records: Namespace; close(): Promise<void> }>;

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const put = (key: Uint8Array, value: Uint8Array) => ({ type: 'put', key, value }) as const;

/** What every implementation of ports/namespace.ts does. */
export const namespaceConformance = (name: string, open: OpenNamespaces): void => {
  describe(`namespace: ${name}`, () => {
    let mirror: Namespace;
    let records: Namespace;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ mirror, records, close } = await open());
    });
    afterEach(() => close());

    it('gives back bytes, and undefined for what is not there', async () => {
      await mirror.write([put(bytes(1, 0, 255), bytes(7)), put(bytes(2), bytes())]);
      expect([...((await mirror.get(bytes(1, 0, 255))) ?? [])]).to.deep.equal([7]);
      expect([...((await mirror.get(bytes(2))) ?? [9])]).to.deep.equal([]);
      expect(await mirror.get(bytes(3))).to.equal(undefined);
    });

    it('applies a write in its order', async () => {
      await mirror.write([put(bytes(1), bytes(1)), { type: 'del', key: bytes(1) }, put(bytes(2), bytes(1)), put(bytes(2), bytes(2))]);
      expect(await mirror.get(bytes(1))).to.equal(undefined);
      expect([...((await mirror.get(bytes(2))) ?? [])]).to.deep.equal([2]);
    });

    it('ranges over unsigned bytes', async () => {
      const keys = [bytes(), bytes(0), bytes(1), bytes(1, 0), bytes(1, 255), bytes(128), bytes(255), bytes(255, 255)];
      await mirror.write(keys.map((key) => put(key, key)));
      const list = async (range?: NamespaceRange) => (await collect(mirror.range(range))).map(([key]) => [...key]);
      const all = keys.map((key) => [...key]);
      expect(await list()).to.deep.equal(all);
      expect(await list({ reverse: true })).to.deep.equal([...all].reverse());
      expect(await list({ gte: bytes(1), lt: bytes(128) })).to.deep.equal(all.slice(2, 5));
      expect(await list({ gte: bytes(1), reverse: true, limit: 2 })).to.deep.equal([[255, 255], [255]]);
      expect(await list({ lt: bytes() })).to.deep.equal([]);
      expect(await list({ limit: 0 })).to.deep.equal([]);
    });

    it('is not seen by another namespace', async () => {
      await mirror.write([put(bytes(1), bytes(1))]);
      await records.write([put(bytes(1), bytes(2))]);
      expect((await collect(records.range())).map(([key, value]) => [[...key], [...value]])).to.deep.equal([[[1], [2]]]);
      await records.write([{ type: 'del', key: bytes(1) }]);
      expect([...((await mirror.get(bytes(1))) ?? [])]).to.deep.equal([1]);
    });
  });
};
