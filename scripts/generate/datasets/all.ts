import type { Feature } from '../../../gateway/domain/feature.ts';
import { electricityFeatures, loanFeatures, orderFeatures, penaltyFeatures } from './features.ts';
import type { SampleDataset } from './field.ts';
import { finance } from './finance.ts';
import { government } from './government.ts';
import { supplyChain } from './supply-chain.ts';
import { utilities } from './utilities.ts';

/** One dataset of each sector can be scored. */
const scored: ReadonlyMap<string, readonly Feature[]> = new Map([
  ['gov-credit.penalty', penaltyFeatures],
  ['fin-weihe.loan', loanFeatures],
  ['grid-qinchuan.electricity', electricityFeatures],
  ['chain-hub.order', orderFeatures],
]);

const withFeatures = (dataset: SampleDataset): SampleDataset => {
  const features = scored.get(dataset.id);
  return features === undefined ? dataset : { ...dataset, schema: { ...dataset.schema, features: [...features] } };
};

/** All datasets of the sample, in the order in which they are declared and imported. */
export const sampleDatasets: readonly SampleDataset[] = [...government, ...finance, ...utilities, ...supplyChain].map(withFeatures);
