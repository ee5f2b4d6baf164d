import type { SampleDataset } from './field.ts';
import { finance } from './finance.ts';
import { government } from './government.ts';
import { supplyChain } from './supply-chain.ts';
import { utilities } from './utilities.ts';

/** All datasets of the sample, in the order in which they are declared and imported. */
export const sampleDatasets: readonly SampleDataset[] = [...government, ...finance, ...utilities, ...supplyChain];
