import { expect } from 'chai';
import { type DatasetSchema, schemaHash } from '../../../gateway/domain/dataset-schema.ts';
import { sha256Hex } from '../../../gateway/domain/hash.ts';
import type { DatasetId } from '../../../gateway/domain/ids.ts';
import { refuse } from '../../../gateway/domain/result.ts';
import { declareDataset } from '../../../gateway/flows/declare-dataset.ts';
import type { Modules } from '../../../gateway/flows/modules.ts';
import { retireDataset } from '../../../gateway/ports/ledger-calls.ts';
import { sampleDatasets } from '../../../scripts/generate/datasets/all.ts';
import { financePolicy } from '../../../scripts/generate/datasets/field.ts';
import { type PublishingProvider, startPublishingProvider } from '../../helpers/publishing-provider.ts';
import { codeOf, valueIn } from '../../helpers/refusal.ts';

const penalty = sampleDatasets.find((dataset) => dataset.id === 'gov-credit.penalty')!.schema;

describe('declaring a dataset', () => {
  let provider: PublishingProvider;
  let modules: Modules;
  let id: DatasetId;
  let sample: DatasetSchema;
  let count = 0;
  before(async () => {
    provider = await startPublishingProvider();
    modules = provider.modules;
  });
  after(() => provider.close());
  beforeEach(() => {
    count += 1;
    id = `gov-credit.penalty-${count}` as DatasetId;
    sample = { ...penalty, id };
  });

  const declare = (schema: unknown = sample, more = {}, using = modules) => declareDataset(using, { schema, ...more });
  const changed = async (schema: unknown = sample, more = {}) => {
    await modules.ledger.freshen();
    const outcome = valueIn(await declare(schema, more));
    return outcome.kind === 'declared' ? outcome.changed : outcome.faults.map(({ code }) => code);
  };
  const onChain = () => modules.ledger.head().dataset(id);

  it('registers with schema, price, terms and policy, and does nothing the second time', async () => {
    expect(await changed(sample, { policy: financePolicy, terms: '仅限约定用途' })).to.deep.equal(['register', 'setPrice', 'setPolicy']);
    expect(onChain()).to.deep.include({
      owner: 'gov-credit',
      schemaHash: schemaHash(sample),
      priceFen: 20n,
      grade: 1,
      termsHash: sha256Hex('仅限约定用途'),
    });
    expect(onChain()!.fields).to.deep.equal(sample.fields.map(({ name, grade }) => ({ name, grade })));
    const block = modules.ledger.head().block.number;
    expect(await changed(sample, { policy: financePolicy, terms: '仅限约定用途' })).to.deep.equal([]);
    expect(await changed()).to.deep.equal([]);
    expect(modules.ledger.head().block.number).to.be.at.least(block);
  });

  it('calls only what differs', async () => {
    await changed();
    expect(await changed({ ...sample, priceFen: 30 })).to.deep.equal(['amendFields', 'setPrice']);
    expect(await changed({ ...sample, priceFen: 30, operations: ['raw', 'score'] })).to.deep.equal(['amendFields', 'setTerms']);
    expect(await changed({ ...sample, priceFen: 30, operations: ['raw', 'score'] }, { terms: 'x' })).to.deep.equal(['setTerms']);
    expect(
      await changed(
        { ...sample, priceFen: 30, operations: ['raw', 'score'] },
        { policy: { ...financePolicy, operations: ['raw'], quota: 9 } },
      ),
    ).to.deep.equal(['setPolicy']);
  });

  it('goes on where it was interrupted', async () => {
    let calls = 0;
    const cut: Modules = {
      ...modules,
      writer: {
        account: modules.writer.account,
        submit: async (call) => {
          calls += 1;
          return calls === 2 ? refuse('LEDGER_UNREACHABLE') : modules.writer.submit(call);
        },
      },
    };
    expect(codeOf(await declare(sample, { policy: financePolicy }, cut))).to.equal('LEDGER_UNREACHABLE');
    expect(onChain()!.priceFen).to.equal(0n);
    expect(await changed(sample, { policy: financePolicy })).to.deep.equal(['setPrice', 'setPolicy']);
    expect(onChain()!.priceFen).to.equal(20n);
  });

  it('gives all faults of a schema and registers nothing', async () => {
    const bad = {
      ...sample,
      grade: 4,
      key: ['nothing'],
      fields: sample.fields.map((one) => (one.name === 'facts' ? { ...one, zh: '疾病' } : one)),
    };
    expect(await changed(bad)).to.have.members(['SCHEMA_INVALID', 'SCHEMA_INVALID', 'SCHEMA_PROHIBITED_CONTENT']);
    expect(onChain()).to.equal(undefined);
  });

  it('refuses to change what is fixed, what is lower, and what is not its own', async () => {
    await changed();
    const before = onChain();
    const raised = { ...sample, grade: 2, fields: sample.fields.map((one) => (one.name === 'facts' ? { ...one, grade: 2 } : one)) };
    expect(codeOf(await declare({ ...sample, title: 'Another title' }))).to.equal('DATASET_IDENTITY_FIXED');
    expect(codeOf(await declare(sample, {}, { ...modules, member: 'fin-weihe' as Modules['member'] }))).to.equal('DATASET_NOT_OURS');
    expect(onChain()).to.deep.equal(before);
    expect(await changed(raised)).to.deep.equal(['amendFields']);
    expect(codeOf(await declare(sample))).to.equal('DATASET_GRADE_LOWERED');
    expect(onChain()!.grade).to.equal(2);
    valueIn(await modules.writer.submit(retireDataset(id)));
    expect(codeOf(await declare(raised))).to.equal('DATASET_RETIRED');
  });
});
