import type { MemberId } from '../../domain/ids.ts';
import type { HistoryEntry } from '../verification/verify-history.ts';
import type { Side } from './match-sides.ts';

/** One entry of a usage: in whose log, where, and how far proved. */
export type UsageStep = Pick<HistoryEntry, 'member' | 'n' | 'index' | 'state' | 'anchoredSize' | 'erased'> & {
  readonly step: string;
  readonly time: number;
  readonly outcome: string;
};

/** Who asked whom for what, why, when, and what came of it; undefined is what no entry shows. */
export type SubjectUsage = {
  readonly usage: string | undefined;
  readonly kind: 'usage' | 'erasure' | 'erased';
  readonly time: number;
  readonly consumer: MemberId | undefined;
  readonly provider: MemberId | undefined;
  readonly dataset: string | undefined;
  readonly fields: readonly string[] | undefined;
  readonly purpose: string | undefined;
  readonly operation: string | undefined;
  readonly priceFen: string | undefined;
  /** Months whose content was destroyed, of an erasure. */
  readonly period: string | undefined;
  /** 'ok', a code of the catalogue, or 'open': asked, and no answer shown. */
  readonly outcome: string;
  readonly steps: readonly UsageStep[];
};

const outcomeOf = (entries: readonly HistoryEntry[]): string => {
  const of = (step: string) => entries.find(({ leaf }) => leaf?.step === step)?.leaf?.outcome;
  const asked = of('requested');
  return of('received') ?? of('served') ?? of('refused') ?? (asked === undefined || asked === 'ok' ? 'open' : asked);
};

const stepOf = ({ member, n, index, state, anchoredSize, erased, leaf }: HistoryEntry): UsageStep => ({
  member,
  n,
  index,
  state,
  anchoredSize,
  erased,
  step: leaf?.step ?? '?',
  time: leaf?.time ?? 0,
  outcome: leaf?.outcome ?? '?',
});

const usageOf = (entries: readonly HistoryEntry[], grantee: MemberId): SubjectUsage => {
  const value = (name: string): string | undefined => entries.find(({ values }) => values[name] !== undefined)?.values[name];
  const atProvider = entries.find(({ leaf }) => leaf?.step === 'served' || leaf?.step === 'refused');
  const atConsumer = entries.find(({ leaf }) => leaf?.step === 'requested' || leaf?.step === 'received');
  const counterparty = (entry: HistoryEntry | undefined) => entry?.values.counterparty as MemberId | undefined;
  const fields = value('fields');
  const only = entries.length === 1 ? entries[0] : undefined;
  return {
    usage: entries[0]?.usage,
    kind: only?.leaf?.step === 'erased' ? 'erasure' : only?.erased === true ? 'erased' : 'usage',
    time: Math.min(...entries.map(({ leaf }) => leaf?.time ?? 0)),
    consumer: atConsumer?.member ?? counterparty(atProvider) ?? (atProvider === undefined ? undefined : grantee),
    provider: atProvider?.member ?? counterparty(atConsumer),
    dataset: value('dataset'),
    fields: fields === undefined ? undefined : (JSON.parse(fields) as string[]),
    purpose: value('purpose'),
    operation: value('operation'),
    priceFen: value('price'),
    period: value('period'),
    outcome: outcomeOf(entries),
    steps: entries.map(stepOf),
  };
};

/** The entries of all logs of one consent, put together to usages, oldest first. What does not hold is a finding and no usage; what was erased stands by itself. */
export const usagesOf = (sides: readonly Side[], grantee: MemberId): SubjectUsage[] => {
  const groups = new Map<string, HistoryEntry[]>();
  for (const entry of sides.flatMap(({ entries }) => entries)) {
    if (entry.leaf === undefined) continue;
    const name = entry.usage ?? `${entry.member}/${entry.n}`;
    groups.set(name, [...(groups.get(name) ?? []), entry]);
  }
  return [...groups.values()].map((entries) => usageOf(entries, grantee)).sort((a, b) => a.time - b.time);
};
