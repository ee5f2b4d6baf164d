import type { DatasetSchema, FieldSchema } from '../../../gateway/domain/dataset-schema.ts';
import type { Grade } from '../../../gateway/domain/vocabulary.ts';
import type { CatalogPolicy } from '../../../gateway/ports/ledger-calls.ts';
import type { institutions } from '../institutions.ts';
import { sampleTypes } from '../subjects.ts';

export type SampleDataset = {
  readonly id: string;
  readonly member: 'gov-credit' | 'fin-weihe' | 'grid-qinchuan' | 'chain-hub';
  readonly schema: DatasetSchema;
  /** Access that the dataset's owner grants by itself; without it a steward decides. */
  readonly policy: CatalogPolicy | undefined;
};
export type SourceOrg = keyof typeof institutions;

export const field = (
  name: string,
  zh: string,
  en: string,
  type: FieldSchema['type'],
  grade: Grade,
  more: Partial<FieldSchema> = {},
): FieldSchema => ({ name, zh, en, type, grade, required: true, ...more });

/** Two years for each grant, any number of uses: what limits a use is the subject's consent. */
export const financePolicy: CatalogPolicy = {
  active: true,
  sectors: ['finance'],
  purposes: ['loan-approval', 'loan-monitoring'],
  operations: ['raw', 'score', 'verify'],
  maxDuration: 2 * 365 * 86_400,
  quota: 0,
};

type Rest = readonly [
  id: `${SampleDataset['member']}.${string}`,
  titleZh: string,
  title: string,
  priceFen: number,
  updateCycle: DatasetSchema['updateCycle'],
  key: readonly string[],
  fields: readonly FieldSchema[],
];

const dataset = (
  shareClass: DatasetSchema['shareClass'],
  [id, titleZh, title, priceFen, updateCycle, key, fields]: Rest,
  policy: CatalogPolicy | undefined,
): SampleDataset => {
  const grade = Math.max(...fields.map((one) => one.grade)) as Grade;
  const common: FieldSchema[] = [
    field('subjectType', '主体类型', 'Subject type', 'enum', 1, { role: 'subjectType', values: [...sampleTypes] }),
    // No more sensitive than the rest: whoever may ask about a subject knows its code.
    field('subjectId', '主体标识', 'Subject', 'string', grade, { role: 'subject' }),
    field('sourceOrgUscc', '数据来源单位', 'Source of the data', 'uscc', 1, { role: 'sourceOrg' }),
    field('asOf', '数据日期', 'As of', 'date', 1, { role: 'asOf' }),
  ];
  return {
    id,
    member: id.slice(0, id.indexOf('.')) as SampleDataset['member'],
    schema: {
      id,
      kind: id.slice(id.indexOf('.') + 1),
      title,
      titleZh,
      grade,
      shareClass,
      operations: ['raw', 'score', 'verify'],
      priceFen,
      updateCycle,
      // Sole proprietors are among the subjects of every dataset.
      personal: { consequencesNotified: true },
      fields: [...common, ...fields],
      key: [...key],
    },
    policy,
  };
};

/** 无条件共享 */
export const open = (...rest: Rest): SampleDataset => dataset('open', rest, undefined);
/** 有条件共享, granted by a steward. */
export const conditional = (...rest: Rest): SampleDataset => dataset('conditional', rest, undefined);
/** 有条件共享, granted by policy to finance. */
export const grantedToFinance = (...rest: Rest): SampleDataset => dataset('conditional', rest, financePolicy);
