import type { FinalityRule } from '../engine.ts';

/** A block carries the seals of more than two thirds of the validators, so one that is seen is never taken back. Kaia does not know the tag `finalized`. */
export const kaiaFinality: FinalityRule = { kind: 'immediate', tag: 'latest' };
