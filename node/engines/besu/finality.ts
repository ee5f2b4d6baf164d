import type { FinalityRule } from '../engine.ts';

/** A QBFT block carries the seals of two thirds of the validators, so one that is seen is never taken back. */
export const besuFinality: FinalityRule = { kind: 'immediate', tag: 'latest' };
