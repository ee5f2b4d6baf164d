/** Numbers the moments of one run in the order in which they came. */
export type Moment = number;

/** One answer that the bank's own system got. */
export type Delivered = {
  readonly usage: string;
  readonly consent: string;
  readonly dataset: string;
  readonly provider: string;
  /** Hash of the provider's signed response. */
  readonly response: string;
  /** When the call that got it was made. */
  readonly asked: Moment;
};
/** A refusal that is final for its usage. */
export type Refused = {
  readonly usage: string;
  readonly consent: string;
  readonly dataset: string;
  readonly code: string;
  /** The usage had been answered before. */
  readonly repeat: boolean;
};
export type DrillConsent = {
  readonly id: string;
  readonly maxUses: number;
  /** Block of the withdrawal, and the moment at which the subject knew that it stands; absent: never withdrawn. */
  readonly withdrawn?: { readonly block: number; readonly known: Moment } | undefined;
};
export type Entry = {
  readonly index: number;
  readonly step: string;
  readonly outcome: string;
  readonly block: number;
  readonly usage: string;
  readonly consent: string | undefined;
  readonly dataset: string | undefined;
};
export type Log = { readonly member: string; readonly anchoredSize: number; readonly entries: readonly Entry[] };
/** What a provider's store says that it counted. */
export type Count = { readonly member: string; readonly consent: string; readonly dataset: string; readonly count: number };

export type DrillFacts = {
  readonly consumer: string;
  readonly delivered: readonly Delivered[];
  readonly refused: readonly Refused[];
  /** Usages that nothing final was heard of, however often they were asked again. */
  readonly unanswered: readonly string[];
  readonly consents: readonly DrillConsent[];
  readonly logs: readonly Log[];
  readonly counts: readonly Count[];
  /** Findings of `xinshu audit`. */
  readonly findings: readonly unknown[];
};

export type Violation = {
  readonly kind:
    | 'nothing-happened'
    | 'not-in-log'
    | 'logged-twice'
    | 'not-anchored'
    | 'count-differs'
    | 'over-use'
    | 'served-after-withdrawal'
    | 'delivered-after-withdrawal'
    | 'answer-changed'
    | 'refused-wrongly'
    | 'unanswered'
    | 'audit-finding';
  readonly what: string;
};

const grouped = <T>(list: readonly T[], keyOf: (one: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const one of list) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
};

type Logs = ReadonlyMap<string, ReadonlyMap<string, readonly Entry[]>>;
const stepsOf = (logs: readonly Log[]): Logs =>
  new Map(logs.map(({ member, entries }) => [member, grouped(entries, ({ usage, step }) => `${usage}/${step}`)]));

const inBothLogs = ({ delivered, consumer }: DrillFacts, logs: Logs): Violation[] =>
  delivered.flatMap(({ usage, provider }) =>
    (
      [
        [consumer, 'requested'],
        [provider, 'served'],
        [consumer, 'received'],
      ] as const
    )
      .filter(([member, step]) => logs.get(member)?.get(`${usage}/${step}`)?.[0]?.outcome !== 'ok')
      .map(([member, step]): Violation => ({ kind: 'not-in-log', what: `${usage}: ${member} has no ${step} entry that says ok` })),
  );

const loggedOnce = (logs: Logs): Violation[] =>
  [...logs].flatMap(([member, steps]) =>
    [...steps]
      .filter(([, entries]) => entries.length > 1)
      .map(([step, entries]): Violation => ({ kind: 'logged-twice', what: `${member} ${step}: ${entries.length} entries` })),
  );

const anchored = ({ logs }: DrillFacts): Violation[] =>
  logs
    .filter(({ anchoredSize, entries }) => entries.some(({ index }) => index >= anchoredSize))
    .map(({ member, anchoredSize, entries }) => ({
      kind: 'not-anchored',
      what: `${member}: ${entries.length} entries, ${anchoredSize} anchored`,
    }));

const servedOf = ({ logs }: DrillFacts, { member, consent, dataset }: Omit<Count, 'count'>): number =>
  logs
    .filter((log) => log.member === member)
    .flatMap(({ entries }) => entries)
    .filter((entry) => entry.step === 'served' && entry.consent === consent && entry.dataset === dataset).length;

const counted = (facts: DrillFacts): Violation[] =>
  facts.counts.flatMap((count): Violation[] => {
    const served = servedOf(facts, count);
    const limit = facts.consents.find(({ id }) => id === count.consent)?.maxUses ?? 0;
    const where = `${count.member} ${count.dataset} under ${count.consent}`;
    return [
      ...(served === count.count ? [] : [{ kind: 'count-differs', what: `${where}: ${served} served, ${count.count} counted` } as const]),
      ...(served <= limit ? [] : [{ kind: 'over-use', what: `${where}: ${served} served, ${limit} allowed` } as const]),
    ];
  });

const afterWithdrawal = ({ consents, logs, delivered }: DrillFacts): Violation[] =>
  consents.flatMap(({ id, withdrawn }): Violation[] =>
    withdrawn === undefined
      ? []
      : [
          ...logs.flatMap(({ member, entries }) =>
            entries
              .filter(({ step, consent, block }) => step === 'served' && consent === id && block >= withdrawn.block)
              .map(({ usage, block }): Violation => {
                return { kind: 'served-after-withdrawal', what: `${usage}: ${member} at block ${block}, withdrawn in ${withdrawn.block}` };
              }),
          ),
          ...delivered
            .filter(({ consent, asked }) => consent === id && asked > withdrawn.known)
            .map(({ usage }): Violation => ({ kind: 'delivered-after-withdrawal', what: `${usage}: asked after the withdrawal stood` })),
        ],
  );

const unchanged = ({ delivered }: DrillFacts): Violation[] =>
  [...grouped(delivered, ({ usage }) => usage)]
    .filter(([, answers]) => new Set(answers.map(({ response }) => response)).size > 1)
    .map(([usage]) => ({ kind: 'answer-changed', what: `${usage}: repeated, it got another signed answer` }));

const allowed = (facts: DrillFacts, { code, consent: id, dataset, repeat }: Refused): boolean => {
  const consent = facts.consents.find((one) => one.id === id);
  if (code === 'CONSENT_WITHDRAWN') return consent?.withdrawn !== undefined;
  // A repeat may come when the time for delivering again is over.
  if (code === 'USAGE_CLOSED') return repeat;
  return (
    code === 'CONSENT_USED_UP' && facts.logs.some(({ member }) => servedOf(facts, { member, consent: id, dataset }) === consent?.maxUses)
  );
};

const refusedRightly = (facts: DrillFacts): Violation[] => {
  const judged = new Map<string, boolean>();
  return facts.refused
    .filter((refused) => {
      const kind = JSON.stringify([refused.code, refused.consent, refused.dataset, refused.repeat]);
      if (!judged.has(kind)) judged.set(kind, allowed(facts, refused));
      return judged.get(kind) === false;
    })
    .map(({ usage, code, dataset }) => ({ kind: 'refused-wrongly', what: `${usage} on ${dataset}: ${code}` }));
};

/** A run without answers, or without a use in the logs, proves nothing. */
const something = ({ delivered, counts }: DrillFacts): Violation[] =>
  delivered.length > 0 && counts.some(({ count }) => count > 0) ? [] : [{ kind: 'nothing-happened', what: 'no usage was answered' }];

/** Everything that must not be, whatever was killed when; empty: the drill was passed. */
export const violationsIn = (facts: DrillFacts): readonly Violation[] => {
  const logs = stepsOf(facts.logs);
  return [
    ...something(facts),
    ...inBothLogs(facts, logs),
    ...loggedOnce(logs),
    ...anchored(facts),
    ...counted(facts),
    ...afterWithdrawal(facts),
    ...unchanged(facts),
    ...refusedRightly(facts),
    ...facts.unanswered.map((usage): Violation => ({ kind: 'unanswered', what: usage })),
    ...facts.findings.map((finding): Violation => ({ kind: 'audit-finding', what: JSON.stringify(finding) })),
  ];
};
