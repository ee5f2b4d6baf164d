import { expect } from 'chai';
import type { DatasetSchema } from '../../../gateway/domain/dataset-schema.ts';
import { schemaHash } from '../../../gateway/domain/dataset-schema.ts';
import type { ErrorCode } from '../../../gateway/domain/errors.ts';
import type { Feature } from '../../../gateway/domain/feature.ts';
import { fromHex } from '../../../gateway/domain/hash.ts';
import type { DatasetId, UsageId } from '../../../gateway/domain/ids.ts';
import { refuse } from '../../../gateway/domain/result.ts';
import { subjectScalar } from '../../../gateway/domain/subject-commitment.ts';
import { declareDataset } from '../../../gateway/flows/declare-dataset.ts';
import { importDataset } from '../../../gateway/flows/import-dataset.ts';
import type { Modules } from '../../../gateway/flows/modules.ts';
import { resumeImports } from '../../../gateway/flows/resume-imports.ts';
import type { Namespace } from '../../../gateway/ports/namespace.ts';
import { featureLeaf, padFeatures } from '../../../gateway/scoring/feature-leaf.ts';
import { rootOfPath } from '../../../gateway/scoring/feature-tree.ts';
import { verifyPayload } from '../../../gateway/sealing/record-check.ts';
import { proveRecords } from '../../../gateway/sealing/record-proof.ts';
import { sampleDatasets } from '../../../scripts/generate/datasets/all.ts';
import { fileOf, type PublishingProvider, startPublishingProvider } from '../../helpers/publishing-provider.ts';
import { codeOf, valueIn } from '../../helpers/refusal.ts';

const sample = sampleDatasets.find(({ id }) => id === 'gov-credit.permit')!.schema;
const subject = { type: 'enterprise', code: '91440300708461136T' } as const;
const header =
  'subjectType,subjectId,sourceOrgUscc,asOf,docNo,category,certName,certNo,content,decidedOn,validFrom,validTo,authorityUscc,state';
const line = (docNo: string, code: string = subject.code, type = 'enterprise') =>
  `${type},${code},91440300708461136T,2026-11-03,${docNo},ordinary,许可证,C-1,准予经营,2026-11-02,2026-11-02,,91440300708461136T,valid`;
const file = (...lines: readonly string[]) => fileOf(`${[header, ...lines].join('\n')}\n`);

describe('importing a dataset', () => {
  let provider: PublishingProvider;
  let modules: Modules;
  let count = 0;
  before(async () => {
    provider = await startPublishingProvider();
    modules = provider.modules;
  });
  after(() => provider.close());

  const rows = async (): Promise<number> => {
    let total = 0;
    for await (const _ of provider.namespace.range()) total += 1;
    return total;
  };
  const declared = async (schema: Partial<DatasetSchema> = {}): Promise<DatasetId> => {
    count += 1;
    const id = `gov-credit.permit-${count}` as DatasetId;
    await modules.ledger.freshen();
    expect(valueIn(await declareDataset(modules, { schema: { ...sample, id, ...schema } })).kind).to.equal('declared');
    return id;
  };
  const published = async (dataset: DatasetId, ...lines: readonly string[]) => {
    const outcome = valueIn(await importDataset(modules, { dataset, file: file(...lines) }));
    if (outcome.kind !== 'published') throw new Error(JSON.stringify(outcome.faults));
    return outcome;
  };
  const versionOnChain = (dataset: DatasetId) => modules.ledger.head().dataset(dataset)!.version;
  const key = () => modules.keys.subjectKey(subject);

  it('publishes a version whose every record proves itself against the root on chain', async () => {
    const dataset = await declared();
    const outcome = await published(dataset, line('D-1'), line('D-2'), line('D-3', '91330100799655058B'));
    expect(outcome).to.include({ version: 1, rows: 3, subjects: 2, lateCount: 0 });
    const onChain = modules.ledger.head().datasetVersion(dataset, 1)!;
    expect(onChain.commitments).to.deep.equal([{ name: 'records', suite: 'rfc6962-sha256', root: outcome.root, size: 2 }]);

    const found = (await modules.records.find(dataset, 1, key()))!;
    expect(found.records.map(({ values }) => values.docNo)).to.deep.equal(['D-1', 'D-2']);
    expect(found.records[0]!.values.validTo).to.equal(null);
    const fields = found.schema.fields.map(({ name }) => name);
    const answer = { usage: '00000000-0000-4000-8000-000000000001' as UsageId, dataset, version: 1, subject };
    const proof = {
      records: found.records.map(({ values }) => values),
      secret: fromHex(found.secret),
      columns: fromHex(found.columns),
      leafIndex: found.leafIndex,
      treeSize: found.treeSize,
      path: found.path.map(fromHex),
    };
    const payload = proveRecords(fields, answer, proof, [{ fields: ['docNo', 'state'] }, { withheld: 'not-public' }]);
    const expected = { ...answer, root: fromHex(onChain.commitments[0]!.root), size: 2, fields: ['docNo', 'state'] };
    const verified = valueIn(verifyPayload(JSON.parse(JSON.stringify(payload)), expected));
    expect(verified[0]).to.deep.include({ values: { docNo: 'D-1', state: 'valid' } });
    expect(verified[1]).to.deep.equal({ withheld: 'not-public' });
    expect(codeOf(verifyPayload(JSON.parse(JSON.stringify(payload).replace('"D-1"', '"D-9"')), expected))).to.equal(
      'RECORD_PROOF_MISMATCH',
    );
  });

  it('commits to the features it declares, each proved against a second root on chain', async () => {
    const features = [
      { name: 'permits', zh: '许可数', en: 'Permits', kind: 'numeric', least: 0, most: 100, derivation: { fn: 'count/1' } },
    ] satisfies Feature[];
    const dataset = await declared({ features });
    const before = await rows();
    const outcome = await published(dataset, line('D-1'), line('D-2'), line('D-3', '91330100799655058B'));
    expect(await rows()).to.equal(before + 5);
    const [records, committed] = modules.ledger.head().datasetVersion(dataset, 1)!.commitments;
    expect(records).to.deep.include({ name: 'records', root: outcome.root });
    expect(committed).to.deep.include({ name: 'features', suite: 'poseidon-bn254-4x10', size: 2 });

    const found = (await modules.records.features(dataset, 1, key()))!;
    expect(found.codes).to.deep.equal([3]);
    const leaf = featureLeaf(subjectScalar(subject), valueIn(padFeatures(found.codes)), BigInt(found.salt));
    const path = found.path.map((children, level) => ({ place: Math.floor(found.index / 4 ** level) % 4, children: children.map(BigInt) }));
    expect(rootOfPath(leaf, path)).to.equal(BigInt(committed!.root));
    expect(await modules.records.features(dataset, 2, key())).to.equal(undefined);
  });

  it('has no record of a subject that is not in the file', async () => {
    const dataset = await declared();
    await published(dataset, line('D-1', '91330100799655058B'));
    expect(await modules.records.find(dataset, 1, key())).to.equal(undefined);
    expect(await modules.records.find(dataset, 2, key())).to.equal(undefined);
  });

  it('keeps earlier versions readable, the last three of them, and removes older rows', async () => {
    const dataset = await declared();
    await published(dataset, line('D-1'));
    const afterOne = await rows();
    for (const number of [2, 3, 4, 5]) await published(dataset, line(`D-${number}`));
    expect(await modules.records.versions(dataset)).to.deep.equal([3, 4, 5]);
    expect(await rows()).to.equal(afterOne + 4);
    expect((await modules.records.find(dataset, 3, key()))!.records[0]!.values.docNo).to.equal('D-3');
    expect(await modules.records.find(dataset, 2, key())).to.equal(undefined);
    const { store } = await provider.reopened();
    expect(await store.versions(dataset)).to.deep.equal([3, 4, 5]);
    expect((await store.find(dataset, 5, key()))!.schema.id).to.equal(dataset);
  });

  it('gives two imports at once a version each', async () => {
    const dataset = await declared();
    const outcomes = await Promise.all([published(dataset, line('D-1')), published(dataset, line('D-2')), published(dataset, line('D-3'))]);
    expect(outcomes.map(({ version }) => version).sort()).to.deep.equal([1, 2, 3]);
    for (const { version, root } of outcomes)
      expect(modules.ledger.head().datasetVersion(dataset, version)!.commitments[0]!.root).to.equal(root);
  });

  it('stays staged while the ledger is out of reach, is not published twice, and is finished later', async () => {
    const dataset = await declared();
    const unreachable = { ...modules.writer, submit: async () => refuse('LEDGER_UNREACHABLE') };
    expect(codeOf(await importDataset({ ...modules, writer: unreachable }, { dataset, file: file(line('D-1')) }))).to.equal(
      'LEDGER_UNREACHABLE',
    );
    expect(await modules.records.versions(dataset)).to.deep.equal([]);
    const [first, second] = await Promise.all([resumeImports(modules), resumeImports(modules)]);
    expect(first.finished + second.finished).to.equal(1);
    expect(versionOnChain(dataset)).to.equal(1);
    expect(await modules.records.versions(dataset)).to.deep.equal([1]);
  });

  it('flags what reached the source late, and imports it all the same', async () => {
    const dataset = await declared({ kind: 'permit' });
    const outcome = await published(dataset, line('D-1'), line('D-2').replace('2026-11-03', '2026-11-12'));
    expect(outcome).to.deep.include({ late: [3], lateCount: 1 });
  });

  describe('refuses a file with faults, all of them at once, and changes nothing', () => {
    const bad: readonly [ErrorCode, number, string, AsyncIterable<Uint8Array>][] = [
      ['IMPORT_EMPTY', 1, '', fileOf()],
      ['IMPORT_EMPTY', 1, '', file()],
      ['IMPORT_ENCODING', 3, '', fileOf(`${header}\n${line('D-1')}\n`, Buffer.from([0xff]))],
      ['IMPORT_SYNTAX', 3, '', file(line('D-1'), '"open')],
      ['IMPORT_COLUMN_UNKNOWN', 1, '#15', fileOf(`${header},extra\n`)],
      ['IMPORT_COLUMN_TWICE', 1, 'docNo', fileOf(`${header},docNo\n`)],
      ['IMPORT_COLUMN_MISSING', 1, 'state', fileOf(`${header.replace(',state', '')}\n`)],
      ['IMPORT_CELL_COUNT', 2, '', file(`${line('D-1')},x`)],
      ['IMPORT_REQUIRED', 2, 'docNo', file(line(''))],
      ['IMPORT_DATE', 2, 'decidedOn', file(line('D-1').replace('2026-11-02', '2026-11-31'))],
      ['IMPORT_ENUM', 2, 'state', file(line('D-1').replace('valid', 'lost'))],
      ['IMPORT_CHARACTER', 2, 'docNo', file(line('D-\u0001'))],
      ['IMPORT_TOO_LONG', 2, 'docNo', file(line('D'.repeat(4001)))],
      ['IMPORT_DUPLICATE', 3, '', file(line('D-1'), line('D-1'))],
      ['USCC_CHECK', 2, 'subjectId', file(line('D-1', '914403001922038217'))],
      ['SUBJECT_TYPE_MISMATCH', 2, 'subjectId', file(line('D-1', subject.code, 'cooperative'))],
      ['ID_NUMBER_LENGTH', 2, 'subjectId', file(line('D-1', '110105491231002', 'farmer'))],
    ];
    for (const [code, at, column, content] of bad) {
      it(`${code} on line ${at}`, async () => {
        const dataset = await declared();
        const before = await rows();
        const outcome = valueIn(await importDataset(modules, { dataset, file: content }));
        if (outcome.kind !== 'rejected') throw new Error('was published');
        expect(outcome.faultCount).to.equal(1);
        expect(outcome.faults[0]).to.deep.include({ line: at, column, code });
        await modules.ledger.freshen();
        expect(versionOnChain(dataset)).to.equal(0);
        expect(await rows()).to.equal(before);
      });
    }

    it('lists a thousand and counts the rest', async () => {
      const dataset = await declared();
      const outcome = valueIn(await importDataset(modules, { dataset, file: file(...Array.from({ length: 1500 }, () => line('', 'X'))) }));
      if (outcome.kind !== 'rejected') throw new Error('was published');
      expect([outcome.faults.length, outcome.faultCount, outcome.rows]).to.deep.equal([1000, 3000, 1500]);
    });
  });

  it('refuses what the catalog does not let this member publish', async () => {
    const ask = (dataset: string, asked = modules) => importDataset(asked, { dataset: dataset as DatasetId, file: file(line('D-1')) });
    expect(codeOf(await ask('gov-credit.nothing'))).to.equal('DATASET_UNKNOWN');
    const dataset = await declared();
    expect(codeOf(await ask(dataset, { ...modules, member: 'fin-weihe' as Modules['member'] }))).to.equal('DATASET_NOT_OURS');
    await modules.documents.remove('datasetDeclaration', `${dataset}/${schemaHash({ ...sample, id: dataset })}`);
    expect(codeOf(await ask(dataset))).to.equal('DATASET_UNDECLARED');
    expect(versionOnChain(dataset)).to.equal(0);
  });

  it('leaves nothing behind when the catalog refuses the version', async () => {
    const dataset = await declared();
    const before = await rows();
    // The schema moves on between reading the file and publishing it.
    const amended: Modules = {
      ...modules,
      csv: async function* (bytes) {
        yield* modules.csv(bytes);
        valueIn(
          await declareDataset(modules, {
            schema: { ...sample, id: dataset, fields: sample.fields.map((one) => ({ ...one, en: `${one.en}.` })) },
          }),
        );
      },
    };
    expect(codeOf(await importDataset(amended, { dataset, file: file(line('D-1')) }))).to.equal('LEDGER_CALL_REVERTED');
    expect(versionOnChain(dataset)).to.equal(0);
    expect(await rows()).to.equal(before);
  });

  describe('killed at any write, in either half of it', () => {
    /** The process dies at the n-th write: before it, or after it but before its answer. */
    const dying = (at: number, half: 'before' | 'after') => {
      let writes = 0;
      return (plain: Namespace): Namespace => ({
        get: (wanted) => plain.get(wanted),
        range: (range) => plain.range(range),
        write: async (operations) => {
          writes += 1;
          if (writes > at || (writes === at && half === 'before')) throw new Error('killed');
          await plain.write(operations);
          if (writes === at) throw new Error('killed');
        },
      });
    };
    // staging, subjects, staged, active: four writes of a small import into a dataset without versions.
    for (const at of [1, 2, 3, 4]) {
      for (const half of ['before', 'after'] as const) {
        it(`write ${at}, ${half}: the next start has the whole version or no trace of it`, async () => {
          const dataset = await declared();
          const before = await rows();
          const killed = await provider.reopened(dying(at, half));
          let died = false;
          await importDataset(killed.modules, { dataset, file: file(line('D-1'), line('D-2')) }).catch(() => {
            died = true;
          });
          expect(died).to.equal(true);

          const restarted = await provider.reopened();
          const whole = at > 3 || (at === 3 && half === 'after');
          if (at < 4 || half === 'before') expect(await restarted.store.versions(dataset)).to.deep.equal([]);
          await resumeImports(restarted.modules);
          expect(await resumeImports(restarted.modules)).to.deep.equal({ finished: 0, refused: 0, waiting: 0 });
          expect(versionOnChain(dataset)).to.equal(whole ? 1 : 0);
          expect(await restarted.store.versions(dataset)).to.deep.equal(whole ? [1] : []);
          if (whole) expect((await restarted.store.find(dataset, 1, key()))!.records).to.have.length(2);
          else expect(await rows()).to.equal(before);

          const again = valueIn(await importDataset(restarted.modules, { dataset, file: file(line('D-3')) }));
          expect(again).to.include({ kind: 'published', version: whole ? 2 : 1 });
        });
      }
    }

    it('killed while an old version is removed: the rest of it goes at the next start', async () => {
      const dataset = await declared();
      for (const number of [1, 2, 3]) await published(dataset, line(`D-${number}`));
      const before = await rows();
      // staging, subjects, staged, active, then: leaving, its subjects, its own row.
      for (const at of [5, 6, 7]) {
        const killed = await provider.reopened(dying(at, 'before'));
        await importDataset(killed.modules, { dataset, file: file(line('D-9')) }).catch(() => undefined);
        const restarted = await provider.reopened();
        await resumeImports(restarted.modules);
        expect(await rows()).to.equal(before);
        expect(await restarted.store.versions(dataset)).to.have.length(3);
      }
    });
  });
});
