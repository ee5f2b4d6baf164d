import type { Feature } from '../../gateway/domain/feature.ts';
import type { ModelDocument, PartFeatureBins } from '../../gateway/domain/model-document.ts';
import { sampleDatasets } from '../../scripts/generate/datasets/all.ts';

/** Schemas of the sample that can be scored, by dataset. */
export const scoredSchema = (dataset: string) => sampleDatasets.find(({ id }) => id === dataset)!.schema;
const featuresOf = (dataset: string): Feature[] => [...scoredSchema(dataset).features!];

export const modelledDatasets = ['gov-credit.penalty', 'fin-weihe.loan', 'grid-qinchuan.electricity'] as const;

export const modelDocument: ModelDocument = {
  v: 1,
  id: 'sme',
  title: 'Suppliers',
  titleZh: '供应商',
  base: 600,
  output: { kind: 'score' },
  reasonsToConsumer: false,
  minContributors: 3,
  notBefore: 0,
  notAfter: 4_000_000_000,
  reasons: [{ code: 'LATE', zh: '曾逾期', en: 'Paid late' }],
  parts: modelledDatasets.map((dataset) => ({ dataset, features: featuresOf(dataset) })),
};

/** Seven bins that differ by one point each. */
const numeric = (name: string): PartFeatureBins => ({
  name,
  kind: 'numeric',
  missing: { points: 0 },
  bins: [3, 2, 1, 0, -1, -2, -3].map((points, place) => (place < 6 ? { below: place + 1, points } : { points, reason: 'LATE' })),
});

/** In the order of the document. In steps of one, only the lowest and the highest of 43 totals pin anyone's points down. */
export const modelParts: readonly { readonly features: PartFeatureBins[] }[] = [
  { features: ['penalties', 'seriousPenalties', 'unendedPenalties'].map(numeric) },
  { features: ['loans', 'worstOverdueDays'].map(numeric) },
  { features: ['overdueMonths', 'zeroMonths'].map(numeric) },
];
