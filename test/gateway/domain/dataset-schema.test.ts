import { expect } from 'chai';
import { startOfDay } from '../../../gateway/domain/calendar.ts';
import { type DatasetSchema, fieldWithRole, type SchemaFault, schemaHash } from '../../../gateway/domain/dataset-schema.ts';
import { schemaFaults } from '../../../gateway/domain/schema-faults.ts';
import { now } from '../../helpers/registry.ts';

const schema: DatasetSchema = {
  id: 'fin-weihe.loan',
  kind: 'loan',
  title: 'Loans',
  titleZh: '信贷信息',
  grade: 3,
  shareClass: 'conditional',
  operations: ['raw', 'score'],
  priceFen: 200,
  updateCycle: 'monthly',
  fields: [
    { name: 'subjectId', zh: '主体标识', en: 'Subject', type: 'string', grade: 1, required: true, role: 'subject' },
    { name: 'balanceFen', zh: '贷款余额', en: 'Balance', type: 'fen', grade: 3, required: true },
    { name: 'state', zh: '状态', en: 'State', type: 'enum', grade: 2, required: true, values: ['open', 'closed'] },
    { name: 'overdueDays', zh: '逾期天数', en: 'Days overdue', type: 'integer', grade: 3, required: true, role: 'adverse' },
    { name: 'endedOn', zh: '终止日期', en: 'Ended on', type: 'date', grade: 3, required: false, role: 'eventEnd' },
  ],
};
const field = schema.fields[1]!;
const withField = (change: object, place = 1): unknown => ({
  ...schema,
  fields: schema.fields.map((one, at) => (at === place ? { ...one, ...change } : one)),
});
const added = (more: object): unknown => ({ ...schema, fields: [...schema.fields, { ...field, ...more }] });
/** The one code that all of these faults have. */
const codeOf = (faults: readonly SchemaFault[]) => {
  const codes = [...new Set(faults.map(({ code }) => code))];
  return codes.length === 1 ? codes[0] : codes;
};
const paths = (input: unknown) => schemaFaults(input, now).map(({ path }) => path);

describe('domain/dataset-schema', () => {
  it('accepts a sound schema, and finds fields by role', () => {
    expect(schemaFaults(schema, now)).to.deep.equal([]);
    expect(fieldWithRole(schema, 'adverse')?.name).to.equal('overdueDays');
    expect(fieldWithRole(schema, 'asOf')).to.equal(undefined);
  });

  it('has one hash whatever the order of its names', () => {
    const reversed = Object.fromEntries(Object.entries(schema).reverse()) as DatasetSchema;
    expect(schemaHash(reversed)).to.equal(schemaHash(schema));
    expect(schemaHash({ ...schema, priceFen: 201 })).not.to.equal(schemaHash(schema));
  });

  for (const [what, input, path] of [
    ['nothing', undefined, ''],
    ['an unknown name', { ...schema, owner: 'me' }, ''],
    ['an id with capitals', { ...schema, id: 'Fin.Loan' }, '/id'],
    ['an id that does not fit bytes32', { ...schema, id: 'x'.repeat(32) }, '/id'],
    ['a negative price', { ...schema, priceFen: -1 }, '/priceFen'],
    ['a price in yuan', { ...schema, priceFen: 1.5 }, '/priceFen'],
    ['no operations', { ...schema, operations: [] }, '/operations'],
    ['a name that does not fit bytes32', withField({ name: 'n'.repeat(32) }), '/fields/1/name'],
    ['a grade of 6', withField({ grade: 6 }), '/fields/1/grade'],
    ['a grade that is not the highest (rule 42)', { ...schema, grade: 2 }, '/grade'],
    ['a name twice', withField({ name: 'state' }), '/fields/2/name'],
    ['a role twice', added({ name: 'more', type: 'boolean', role: 'adverse' }), '/fields/5/role'],
    ['a role of the wrong type', withField({ role: 'asOf' }), '/fields/1/role'],
    ['values without an enum', withField({ values: ['a'] }), '/fields/1/values'],
    ['an enum without values', withField({ values: undefined }, 2), '/fields/2/values'],
    ['a pattern on a number', withField({ pattern: '^a' }), '/fields/1/pattern'],
    ['a pattern that is none', withField({ type: 'string', pattern: '(' }), '/fields/1/pattern'],
    ['a subject that may be absent', withField({ required: false }, 0), '/fields/0/required'],
    ['a statement under another name (rule 21)', added({ name: 'note', type: 'string', role: 'statement' }), '/fields/5/name'],
    ['no subject', { ...schema, fields: schema.fields.slice(1) }, '/fields'],
    [
      'personal adverse information without an end (rule 19)',
      { ...schema, personal: { consequencesNotified: true }, fields: schema.fields.slice(0, 4) },
      '/fields',
    ],
    ['severity without a date', added({ name: 'severity', type: 'enum', values: ['minor'], role: 'severity' }), '/fields'],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(paths(input)).to.include(path);
      expect(codeOf(schemaFaults(input, now))).to.equal('SCHEMA_INVALID');
    });
  }

  const feature = (derivation: object, more: object = {}): unknown => ({
    ...schema,
    features: [{ name: 'one', zh: '某', en: 'one', kind: 'numeric', least: 0, most: 10, derivation, ...more }],
  });
  const category = { kind: 'category', words: ['open'], least: undefined, most: undefined };
  it('takes features that its fields can give', () => {
    for (const sound of [
      feature({ fn: 'count/1', where: [{ field: 'overdueDays', is: 'above', than: { value: 0 } }] }),
      feature({
        fn: 'share/1',
        where: [{ field: 'state', equals: ['open'] }],
        of: [{ field: 'endedOn', is: 'below', than: { value: '2026-01-01' } }],
      }),
      feature({ fn: 'ratio/1', field: 'balanceFen', over: 'overdueDays' }),
      feature({ fn: 'latest/1', field: 'state', by: 'endedOn' }, category),
    ])
      expect(schemaFaults(JSON.parse(JSON.stringify(sound)), now)).to.deep.equal([]);
  });
  for (const [what, input, path] of [
    ['a field that is not there', feature({ fn: 'sum/1', field: 'gone' }), '/features/0/derivation'],
    ['a sum of words', feature({ fn: 'sum/1', field: 'state' }), '/features/0/derivation/field'],
    ['a ratio over words', feature({ fn: 'ratio/1', field: 'balanceFen', over: 'state' }), '/features/0/derivation/field'],
    ['a derivation of an unknown version', feature({ fn: 'sum/2', field: 'balanceFen' }), '/features/0/derivation/fn'],
    [
      'words compared',
      feature({ fn: 'count/1', where: [{ field: 'state', is: 'above', than: { value: 'a' } }] }),
      '/features/0/derivation/where/0/field',
    ],
    [
      'a number compared with a date',
      feature({ fn: 'count/1', where: [{ field: 'overdueDays', is: 'above', than: { field: 'endedOn' } }] }),
      '/features/0/derivation/where/0/than',
    ],
    [
      'a date compared with a number',
      feature({ fn: 'share/1', of: [{ field: 'endedOn', is: 'above', than: { value: 1 } }] }),
      '/features/0/derivation/of/0/than',
    ],
    ['the last by words', feature({ fn: 'latest/1', field: 'state', by: 'state' }, category), '/features/0/derivation/by'],
    ['a category that is counted', feature({ fn: 'count/1' }, category), '/features/0/derivation/fn'],
    ['a number from the last word', feature({ fn: 'latest/1', field: 'state', by: 'endedOn' }), '/features/0/derivation/field'],
    ['an empty range', feature({ fn: 'count/1' }, { least: 2, most: 1 }), '/features/0/most'],
    ['a range beyond the circuit', feature({ fn: 'count/1' }, { most: 2 ** 40 }), '/features/0/most'],
    ['features without the operation score', { ...(feature({ fn: 'count/1' }) as object), operations: ['raw'] }, '/features'],
  ] as const) {
    it(`refuses ${what} in a feature`, () => {
      const plain: unknown = JSON.parse(JSON.stringify(input));
      expect(paths(plain).some((found) => found === path || path.startsWith(`${found}/`))).to.equal(true);
      expect(codeOf(schemaFaults(plain, now))).to.equal('SCHEMA_INVALID');
    });
  }
  it('refuses a feature that stands twice', () => {
    const { features } = feature({ fn: 'count/1' }) as { features: object[] };
    expect(paths({ ...schema, features: [...features, ...features] })).to.deep.equal(['/features/1/name']);
  });

  it('names all faults at once', () => {
    const broken = { ...schema, grade: 1, fields: schema.fields.map((one) => ({ ...one, name: 'same', pattern: '(' })) };
    expect(paths(broken).length).to.be.greaterThan(8);
  });
});

describe('domain/content-rules (征信业管理条例 art. 14)', () => {
  const personal = { ...schema, personal: { consequencesNotified: false } };
  const holding = (more: object, base: object = personal) => ({ ...base, fields: [...schema.fields, { ...field, name: 'more', ...more }] });

  for (const more of [
    { zh: '宗教信仰' },
    { zh: '基因信息' },
    { zh: '指纹特征' },
    { zh: '血型' },
    { zh: '疾病' },
    { zh: '既往病史' },
    { name: 'bloodType' },
    { name: 'geneSequence' },
    { en: 'Medical history' },
    { name: 'religion' },
    { category: 'fingerprint' },
    { category: 'disease' },
  ]) {
    it(`refuses ${JSON.stringify(more)} on persons, whatever was declared (rule 22)`, () => {
      expect(codeOf(schemaFaults(holding(more), now))).to.equal('SCHEMA_PROHIBITED_CONTENT');
      expect(codeOf(schemaFaults(holding(more, { ...schema, personal: { consequencesNotified: true } }), now))).to.equal(
        'SCHEMA_PROHIBITED_CONTENT',
      );
      expect(schemaFaults(holding(more, schema), now)).to.deep.equal([]);
    });
  }
  for (const more of [
    { zh: '年收入' },
    { zh: '存款余额' },
    { zh: '有价证券' },
    { zh: '商业保险' },
    { zh: '不动产' },
    { zh: '纳税数额' },
    { name: 'yearlyIncome' },
    { category: 'deposit' },
  ]) {
    it(`needs notice and written consent for ${JSON.stringify(more)} on persons (rule 23)`, () => {
      expect(codeOf(schemaFaults(holding(more), now))).to.equal('SCHEMA_NOTICE_REQUIRED');
      expect(schemaFaults(holding(more, { ...schema, personal: { consequencesNotified: true } }), now)).to.deep.equal([]);
      expect(schemaFaults(holding(more, schema), now)).to.deep.equal([]);
    });
  }
  it('matches whole words: general is no gene', () => {
    expect(schemaFaults(holding({ name: 'generalNote', en: 'General note', zh: '说明' }), now)).to.deep.equal([]);
  });
  it('did not hold before 2013-03-15 (rule 50)', () => {
    expect(schemaFaults(holding({ zh: '血型' }), startOfDay('2013-03-15') - 1)).to.deep.equal([]);
    expect(codeOf(schemaFaults(holding({ zh: '血型' }), startOfDay('2013-03-15')))).to.equal('SCHEMA_PROHIBITED_CONTENT');
  });
});
