import type { Dataset, Grant } from '../../domain/registry-state.ts';

/** JSON has no big integers: money travels as decimal text. */
export const presentDataset = (dataset: Dataset) => ({ ...dataset, priceFen: dataset.priceFen.toString() });
export const presentGrant = (grant: Grant) => ({ ...grant, priceFen: grant.priceFen.toString() });
