import { expect } from 'chai';
import fc from 'fast-check';
import {
  decodeFeatures,
  decodeSubject,
  encodeFeatures,
  encodeSubject,
  featureRows,
  subjectRows,
} from '../../../../gateway/adapters/records/layout.ts';
import { RecordsStore } from '../../../../gateway/adapters/records/store.ts';
import { XinshuError } from '../../../../gateway/domain/errors.ts';
import type { DatasetId, Hex } from '../../../../gateway/domain/ids.ts';
import type { ImportHead, StagedSubject } from '../../../../gateway/ports/records-writer.ts';
import { sampleDatasets } from '../../../../scripts/generate/datasets/all.ts';
import { levelStore } from '../../../helpers/level-store.ts';

const { schema } = sampleDatasets[0]!;
const dataset = schema.id as DatasetId;
const id = (number: number): Hex => `0x${number.toString(16).padStart(32, 'f')}`;
const head = (number: number, subjects: number): ImportHead => ({
  id: id(number),
  dataset,
  schema,
  root: '0x00',
  subjects,
  rows: subjects,
  asOf: 0,
});
const keyOf = (number: number) => number.toString(16).padStart(64, '0');
const staged = async function* (count: number): AsyncIterable<StagedSubject> {
  for (let number = 0; number < count; number += 1) {
    yield {
      subjectKey: keyOf(number),
      secret: `0x${keyOf(number)}`,
      leafIndex: number,
      path: [],
      columns: `0x${'00'.repeat(32 * schema.fields.length)}`,
      records: [schema.fields.map(() => number)],
    };
  }
};
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof XinshuError ? error.code : String(error)),
  );

describe('records store', () => {
  it('reads back any subject row', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes): Hex => `0x${Buffer.from(bytes).toString('hex')}`);
    const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.maxSafeInteger(), fc.boolean(), fc.constant(null));
    const row = fc.record({
      leafIndex: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      secret: hash,
      path: fc.array(hash, { maxLength: 40 }),
      columns: fc.array(hash, { maxLength: 100 }).map((hashes): Hex => `0x${hashes.map((one) => one.slice(2)).join('')}`),
      records: fc.array(fc.array(value)),
    });
    fc.assert(
      fc.property(row, (subject) => {
        expect(decodeSubject(new Uint8Array(encodeSubject(subject)))).to.deep.equal(JSON.parse(JSON.stringify(subject)));
      }),
    );
  });

  it('reads back any feature row', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes): Hex => `0x${Buffer.from(bytes).toString('hex')}`);
    const row = fc.record({
      index: fc.integer({ min: 0, max: 2 ** 20 - 1 }),
      codes: fc.array(fc.integer({ min: 0, max: 2 ** 40 - 1 }), { maxLength: 16 }),
      salt: hash,
      path: fc.array(fc.array(hash, { minLength: 4, maxLength: 4 }), { maxLength: 10 }),
    });
    fc.assert(
      fc.property(row, (features) => {
        expect(decodeFeatures(new Uint8Array(encodeFeatures(features)))).to.deep.equal(features);
      }),
    );
  });

  it('bounds the rows of an import by its id, whatever the id', () => {
    for (const last of ['00', 'fe', 'ff']) {
      for (const rows of [subjectRows, featureRows]) {
        const { gte, lt } = rows(`0x${'ff'.repeat(15)}${last}`);
        expect(Buffer.compare(gte, lt)).to.equal(-1);
        expect(lt.length).to.equal(gte.length);
      }
    }
  });

  it('shows nothing of an import before it is active, and the staging of one does not touch another', async () => {
    const store = await levelStore();
    try {
      const records = await RecordsStore.open(store.namespace('records'), { keptVersions: 2 });
      await records.stage(head(1, 3000), staged(3000));
      expect(await records.find(dataset, 1, keyOf(7))).to.equal(undefined);
      await records.activate(id(1), 1);
      await records.stage(head(2, 1), staged(1));
      expect((await records.find(dataset, 1, keyOf(2999)))?.leafIndex).to.equal(2999);
      expect(await records.find(dataset, 1, keyOf(3000))).to.equal(undefined);
      expect(records.schema(dataset, 1)).to.deep.equal(schema);
      await records.discard(id(2));
      expect(await records.versions(dataset)).to.deep.equal([1]);
      expect(await codeOf(records.activate(id(2), 2))).to.equal('IMPORT_UNKNOWN');
      await records.discard(id(1));
      expect((await records.find(dataset, 1, keyOf(0)))?.treeSize).to.equal(3000);
    } finally {
      await store.close();
    }
  });

  it('hands an unfinished import to one caller at a time, and takes none that is being staged for left behind', async () => {
    const store = await levelStore();
    try {
      const records = await RecordsStore.open(store.namespace('records'), { keptVersions: 2 });
      const staging = records.stage(head(1, 2000), staged(2000));
      expect(await records.unfinished()).to.deep.equal([]);
      await staging;
      expect(await records.unfinished()).to.deep.equal([]);
      records.release(id(1));
      expect((await records.unfinished()).map((one) => one.id)).to.deep.equal([id(1)]);
      expect(await records.unfinished()).to.deep.equal([]);
      await records.activate(id(1), 1);
      expect((await records.find(dataset, 1, keyOf(1999)))?.records).to.have.length(1);
    } finally {
      await store.close();
    }
  });
});
