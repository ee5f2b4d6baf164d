import { expect } from 'chai';
import type { Feature } from '../../../gateway/domain/feature.ts';
import { commitFeatures } from '../../../gateway/flows/commit-features.ts';
import { sampleDatasets } from '../../../scripts/generate/datasets/all.ts';
import { field } from '../../../scripts/generate/datasets/field.ts';

const permit = sampleDatasets.find(({ id }) => id === 'gov-credit.permit')!.schema;
const count: Feature = {
  name: 'permits',
  zh: '许可数',
  en: 'Permits',
  kind: 'numeric',
  least: 0,
  most: 100,
  derivation: { fn: 'count/1' },
};
const leniency = field('leniency', '从宽情形', 'Leniency', 'enum', 1, {
  role: 'leniency',
  required: false,
  values: ['force-majeure', 'slight'],
});
const schema = { ...permit, fields: [...permit.fields, leniency], features: [count] };

describe('the features of a dataset version', () => {
  const codesWith = async (...marks: readonly (string | null)[]) => {
    const records = marks.map((mark) => schema.fields.map(({ name }) => (name === 'leniency' ? mark : null)));
    const subject = { subject: { type: 'enterprise' as const, code: '91440300708461136T' }, records };
    return (await commitFeatures(schema, [subject], [new Uint8Array(32)], 1_790_000_000)).of(0).codes;
  };

  it('are derived without what its source marked as force majeure or slight (rule 36)', async () => {
    expect(await codesWith(null, null)).to.deep.equal([3]);
    expect(await codesWith(null, 'force-majeure')).to.deep.equal([2]);
    expect(await codesWith('slight', 'force-majeure')).to.deep.equal([1]);
  });
});
