import { randomUUID } from 'node:crypto';
import type { FindingKind } from '../../../../gateway/audit/finding.ts';
import type { UsageId } from '../../../../gateway/domain/ids.ts';
import { type Change, type OwnEntry, rewritten, stepOf } from './dishonest-log.ts';

export type Side = 'consumer' | 'provider';

/** What the frauds are planted into: usages that really took place. */
export type Ground = {
  /** Entries of the provider's log that the auditor has seen. */
  readonly seen: number;
  /** A served usage that the auditor has not seen yet. */
  readonly fresh: UsageId;
  /** Served usages under a consent that is withdrawn by now, and under one that is used up. */
  readonly withdrawn: UsageId;
  readonly usedUp: UsageId;
  /** One under a consent whose subject's credential is revoked by now. */
  readonly revoked: UsageId;
  /** The newest block, and this moment. */
  readonly block: number;
  readonly now: number;
};

export type Fraud = {
  readonly name: string;
  /** What the audit must call it, and whose log it must name. */
  readonly kind: FindingKind;
  readonly of: Side;
  readonly changes: (ground: Ground) => Partial<Record<Side, Change>>;
};

const halfOf = (entries: readonly OwnEntry[], usage: UsageId, step: string): number => {
  const index = entries.findIndex((entry) => entry.opening.usage === usage && stepOf(entry) === step);
  if (index < 0) throw new Error(`no ${step} entry of ${usage}`);
  return index;
};

/** One more usage after the pattern of another, logged by both sides as if it were in order. */
const oneMore = (pattern: UsageId, { block, now }: Ground): Partial<Record<Side, Change>> => {
  const usage = randomUUID() as UsageId;
  const like = (entries: readonly OwnEntry[], step: string, later: number): OwnEntry =>
    rewritten(entries[halfOf(entries, pattern, step)] as OwnEntry, { usage, block, time: now + later });
  return {
    consumer: (entries) => [...entries, like(entries, 'requested', 0), like(entries, 'received', 2)],
    provider: (entries) => [...entries, like(entries, 'served', 1)],
  };
};

const anHour = 3_600_000;

/** The eleven of the drill but the fork, which takes two auditors. */
export const frauds: readonly Fraud[] = [
  {
    name: 'an entry deleted',
    kind: 'deleted',
    of: 'provider',
    changes: ({ seen }) => ({ provider: (entries) => entries.toSpliced(seen >> 1, 1) }),
  },
  {
    name: 'an entry altered',
    kind: 'altered',
    of: 'provider',
    changes: ({ seen }) => ({
      provider: (entries) =>
        entries.toSpliced(seen >> 1, 1, rewritten(entries[seen >> 1] as OwnEntry, { values: { purpose: 'loan-monitoring' } })),
    }),
  },
  {
    name: 'an entry inserted',
    kind: 'inserted',
    of: 'provider',
    changes: ({ seen }) => ({
      provider: (entries) => entries.toSpliced(seen >> 1, 0, rewritten(entries[seen >> 1] as OwnEntry, { usage: randomUUID() as UsageId })),
    }),
  },
  {
    name: 'entries reordered',
    kind: 'reordered',
    of: 'provider',
    changes: ({ seen }) => ({
      provider: (entries) => entries.toSpliced((seen >> 1) - 1, 2, entries[seen >> 1] as OwnEntry, entries[(seen >> 1) - 1] as OwnEntry),
    }),
  },
  {
    name: 'an entry backdated',
    kind: 'backdated',
    of: 'provider',
    changes: ({ fresh, now }) => ({
      provider: (entries) => {
        const index = halfOf(entries, fresh, 'served');
        return entries.toSpliced(index, 1, rewritten(entries[index] as OwnEntry, { time: now - anHour }));
      },
    }),
  },
  {
    name: 'one half missing',
    kind: 'half-missing',
    of: 'provider',
    changes: ({ fresh }) => ({ provider: (entries) => entries.toSpliced(halfOf(entries, fresh, 'served'), 1) }),
  },
  {
    name: 'a field that differs',
    kind: 'differs',
    of: 'provider',
    changes: ({ fresh }) => ({
      provider: (entries) => {
        const index = halfOf(entries, fresh, 'served');
        return entries.toSpliced(index, 1, rewritten(entries[index] as OwnEntry, { values: { staff: 'Nobody' } }));
      },
    }),
  },
  { name: 'a use after the withdrawal', kind: 'after-withdrawal', of: 'provider', changes: (ground) => oneMore(ground.withdrawn, ground) },
  {
    name: 'a use under a revoked credential',
    kind: 'credential-invalid',
    of: 'provider',
    changes: (ground) => oneMore(ground.revoked, ground),
  },
  { name: 'a use too many', kind: 'over-use', of: 'provider', changes: (ground) => oneMore(ground.usedUp, ground) },
];

/** The same usage in other bytes: nothing is wrong with either log, but for there being two. */
export const otherHistory =
  ({ fresh }: Ground): Change =>
  (entries) => {
    const index = halfOf(entries, fresh, 'served');
    return entries.toSpliced(index, 1, rewritten(entries[index] as OwnEntry, {}));
  };
