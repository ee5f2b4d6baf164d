import type { FinalityRule } from '../engine.ts';

/** The head is a block only once it is on disk, and there is no other writer. */
export const embeddedFinality: FinalityRule = { kind: 'durable', tag: 'latest' };
