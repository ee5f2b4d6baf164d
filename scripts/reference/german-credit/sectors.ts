import type { DatasetSchema, FieldSchema } from '../../../gateway/domain/dataset-schema.ts';
import type { Feature } from '../../../gateway/domain/feature.ts';
import type { ModelDocument, ModelPartDocument } from '../../../gateway/domain/model-document.ts';
import { featureName, modelFromTable } from '../../../gateway/domain/scorecard-table.ts';
import type { SubjectRef } from '../../../gateway/domain/subject.ts';
import type { CatalogPolicy } from '../../../gateway/ports/ledger-calls.ts';
import { makeUscc } from '../../generate/codes.ts';
import { csvText } from '../../generate/csv.ts';
import { field, financePolicy } from '../../generate/datasets/field.ts';
import { randomStream } from '../../generate/random.ts';
import type { Reference, TableFeature } from './read-reference.ts';

/** The member of the demo consortium that stands for each sector of the table. */
export const providerOf: ReadonlyMap<string, string> = new Map([
  ['government', 'gov-credit'],
  ['finance', 'fin-weihe'],
  ['utilities', 'grid-qinchuan'],
  ['supply-chain', 'chain-hub'],
]);
export const datasetOf = (sector: string): string => `${providerOf.get(sector)!}.applicant`;

/** The day on which all four record the applicants: one common epoch. */
export const recordedOn = '2026-06-30';
/** Far above any amount of the reference. */
const mostNumber = 1_000_000;

/** Each applicant gets a made-up code of its own, of region 619900, which names no place. They are persons in the reference; a code of an enterprise is all that is needed here. */
export const subjectOf = (number: string): SubjectRef => ({
  type: 'enterprise',
  code: makeUscc(randomStream('german credit', number), '91'),
});

const wordsOf = ({ bins }: TableFeature): string[] => bins.flatMap((bin) => ('values' in bin ? bin.values : []));
const text = (column: string): string => column.replaceAll('_', ' ');

const fieldOf = (feature: TableFeature): FieldSchema =>
  feature.kind === 'integer'
    ? field(featureName(feature.name), text(feature.name), text(feature.name), 'integer', 2)
    : field(featureName(feature.name), text(feature.name), text(feature.name), 'enum', 2, { values: wordsOf(feature) });

/** The value itself: one record an applicant. */
const declared = (feature: TableFeature): Feature => {
  const name = featureName(feature.name);
  const common = {
    name,
    zh: text(feature.name),
    en: text(feature.name),
    derivation: { fn: 'latest/1' as const, field: name, by: 'recordedOn' },
  };
  return feature.kind === 'integer'
    ? { ...common, kind: 'numeric', least: 0, most: mostNumber }
    : { ...common, kind: 'category', words: wordsOf(feature) };
};

export type SectorDataset = {
  readonly sector: string;
  readonly provider: string;
  readonly schema: DatasetSchema;
  readonly features: readonly Feature[];
  /** One record an applicant, in the order of the reference. */
  readonly records: readonly Readonly<Record<string, string | number>>[];
  readonly csv: string;
};

const datasetFor = (sector: string, { features, applicants }: Reference): SectorDataset => {
  const own = features.filter((feature) => feature.sector === sector);
  const fields: FieldSchema[] = [
    field('subjectType', '主体类型', 'Subject type', 'enum', 1, { role: 'subjectType', values: ['enterprise'] }),
    field('subjectId', '主体标识', 'Subject', 'string', 2, { role: 'subject' }),
    field('recordedOn', '记录日期', 'Recorded on', 'date', 1, { role: 'asOf' }),
    ...own.map(fieldOf),
  ];
  const schema: DatasetSchema = {
    id: datasetOf(sector),
    kind: 'applicant',
    title: `German credit, ${sector}`,
    titleZh: `德国信贷数据（${sector}）`,
    grade: 2,
    shareClass: 'conditional',
    operations: ['raw', 'score'],
    priceFen: 10,
    updateCycle: 'once',
    fields,
    key: ['recordedOn'],
    features: own.map(declared),
  };
  const records = applicants.map(({ number, values }) => {
    const { type, code } = subjectOf(number);
    const value = ({ name, kind }: TableFeature): string | number => (kind === 'integer' ? Number(values[name]) : values[name]!);
    const facts = own.map((feature) => [featureName(feature.name), value(feature)] as const);
    return { subjectType: type, subjectId: code, recordedOn, ...Object.fromEntries(facts) };
  });
  const columns = fields.map(({ name }) => name);
  return { sector, provider: providerOf.get(sector)!, schema, features: schema.features!, records, csv: csvText(columns, records) };
};

/** One dataset a sector, in the order of the table. */
export const sectorDatasets = (reference: Reference): readonly SectorDataset[] =>
  [...new Set(reference.features.map(({ sector }) => sector))].map((sector) => datasetFor(sector, reference));

export const policy: CatalogPolicy = { ...financePolicy, operations: ['raw', 'score'] };
export const purpose = 'loan-approval';
export const modelId = 'german-credit';

/** The tool's scorecard as a model over these datasets. */
export const referenceModel = (
  { table }: Reference,
  datasets: readonly SectorDataset[],
  validity: { readonly notBefore: number; readonly notAfter: number },
): { readonly document: ModelDocument; readonly parts: readonly Pick<ModelPartDocument, 'features'>[] } => {
  const made = modelFromTable(table, {
    datasets: new Map(datasets.map(({ sector, schema }) => [sector, schema.id])),
    features: new Map(datasets.map(({ schema, features }) => [schema.id, features])),
    terms: {
      id: modelId,
      title: 'German credit',
      titleZh: '德国信贷评分卡',
      output: { kind: 'score' },
      reasonsToConsumer: false,
      minContributors: datasets.length,
      ...validity,
    },
  });
  if (made.kind === 'rejected') throw new Error(`the scorecard makes no model: ${JSON.stringify(made.faults)}`);
  return { document: made.document, parts: made.parts };
};
