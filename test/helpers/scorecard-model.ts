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

const numeric = (name: string, points: readonly [number, number, number]): PartFeatureBins => ({
  name,
  kind: 'numeric',
  missing: { points: 0 },
  bins: [
    { below: 2, points: points[0] },
    { below: 5, points: points[1] },
    { points: points[2], reason: 'LATE' },
  ],
});

/** In the order of the document; steps of one point, so that a total pins nobody down but at its ends. */
export const modelParts: readonly { readonly features: PartFeatureBins[] }[] = [
  { features: [numeric('penalties', [2, 1, -4]), numeric('seriousPenalties', [3, 0, -1])] },
  { features: [numeric('worstOverdueDays', [4, 1, -3])] },
  { features: [numeric('overdueMonths', [2, 0, -2]), numeric('zeroMonths', [1, 0, -1])] },
];
