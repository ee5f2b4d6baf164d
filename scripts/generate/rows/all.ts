import type { RowMaker } from './context.ts';
import { finance } from './finance.ts';
import { government } from './government.ts';
import { justiceAndLists } from './justice-and-lists.ts';
import { supplyChain } from './supply-chain.ts';
import { utilities } from './utilities.ts';

export const rowMakers: Readonly<Record<string, RowMaker>> = {
  ...government,
  ...justiceAndLists,
  ...finance,
  ...utilities,
  ...supplyChain,
};
