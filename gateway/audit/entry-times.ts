import type { LeafStep } from '../domain/usage-leaf.ts';

/** Seconds. The first two are network parameters (Directory), 0 where there is none; `tolerance` is the auditor's, for clocks that differ. */
export type TimeLimits = { readonly maxBlockAge: number; readonly maxAnchorLag: number; readonly tolerance: number };

/** One entry's times: `time` in milliseconds of its writer's clock, `blockTime` of its deciding block in seconds. */
export type EntryTimes = { readonly step: LeafStep; readonly time: number; readonly block: number; readonly blockTime: number };

export type TimeFault = { readonly kind: 'backdated' | 'stale-decision'; readonly what: string };

const seconds = (value: number): string => `${Math.round(value)} s`;

/**
 * Holds an entry's times against each other, against the entries before it (`latest`, the latest of their times) and against the last anchor that it is not under
 * (block time in seconds): what came after a checkpoint can't be older than the time that a checkpoint may take to its anchor allows. A `received` entry names the
 * block of an answer that may have been fetched late, so only its clock is judged.
 */
export const judgeTimes = (
  { step, time, block, blockTime }: EntryTimes,
  latest: number,
  anchorBefore: number | undefined,
  { maxBlockAge, maxAnchorLag, tolerance }: TimeLimits,
): TimeFault | undefined => {
  const written = time / 1000;
  const behind = latest / 1000 - written;
  if (behind > tolerance) return { kind: 'backdated', what: `${seconds(behind)} before an earlier entry` };
  if (blockTime - written > tolerance) return { kind: 'backdated', what: `${seconds(blockTime - written)} before its own block ${block}` };
  if (anchorBefore !== undefined && maxAnchorLag > 0) {
    const since = anchorBefore - maxAnchorLag - tolerance;
    if (written < since) return { kind: 'backdated', what: `${seconds(since - written)} older than the checkpoint before it allows` };
    if (step !== 'received' && maxBlockAge > 0 && blockTime < since - maxBlockAge)
      return { kind: 'backdated', what: `decided on block ${block}, older than the checkpoint before it allows` };
  }
  const age = written - blockTime;
  return step !== 'received' && maxBlockAge > 0 && age > maxBlockAge + tolerance
    ? { kind: 'stale-decision', what: `block ${block} was ${seconds(age)} old, allowed are ${seconds(maxBlockAge)}` }
    : undefined;
};

/** Whether what was written at `time` (ms) was still without an anchor at `until` (seconds), longer than allowed. */
export const isLate = (time: number, until: number, { maxAnchorLag, tolerance }: TimeLimits): boolean =>
  maxAnchorLag > 0 && until - time / 1000 > maxAnchorLag + tolerance;
