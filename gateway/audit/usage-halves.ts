import type { MemberId, UsageId } from '../domain/ids.ts';
import type { LeafStep } from '../domain/usage-leaf.ts';
import type { Finding, Place } from './finding.ts';

/**
 * One entry of a usage, as far as both sides can be compared by it. `values` may stand for the values behind the leaf by digests of them: they are only asked
 * whether they are equal.
 */
export type Half = Place & {
  readonly step: LeafStep;
  readonly outcome: string;
  readonly block: number;
  readonly counterparty: string | undefined;
  readonly values: Readonly<Record<string, string>>;
};
/** Every half of one usage that was seen, whoever wrote it. */
export type UsageHalves = readonly Half[];

/** What both sides know and commit to in the same words; messages are hashed by their receiver only. */
export const sharedValues = [
  'subject',
  'staff',
  'reviewer',
  'grant',
  'consent',
  'dataset',
  'fields',
  'purpose',
  'operation',
  'price',
] as const;

const of = (halves: UsageHalves, member: string | undefined, step: LeafStep): Half | undefined =>
  halves.find((half) => half.member === member && half.step === step);

/** The requests of this usage: more than one member can only have written one by mistake or by fraud. */
const requests = (halves: UsageHalves): readonly Half[] => halves.filter(({ step }) => step === 'requested');

// The price is of the deciding block: on two blocks it may rightly be two prices, and each is held against the chain by itself.
const comparable = (name: string, a: Half, b: Half): boolean => name !== 'price' || a.block === b.block;

const differences = (usage: UsageId, request: Half, other: Half): Finding[] =>
  sharedValues
    .filter((name) => {
      const [mine, theirs] = [request.values[name], other.values[name]];
      return mine !== undefined && theirs !== undefined && mine !== theirs && comparable(name, request, other);
    })
    .map((what) => ({ kind: 'differs', member: other.member, usage, what, entries: [place(request), place(other)] }));

const place = ({ member, index }: Place): Place => ({ member, index });
const isAnswer = ({ step }: Half): boolean => step === 'served' || step === 'refused';
// What a consumer says itself about an answer that does not hold; everything else it repeats from the provider.
const ownVerdicts = ['ANSWER_MISMATCH', 'BLOCK_MISMATCH'];

const addressed = (usage: UsageId, request: Half, answer: Half): Finding[] =>
  request.counterparty === answer.member
    ? []
    : [{ kind: 'differs', member: request.member, usage, what: 'counterparty', entries: [place(request), place(answer)] }];

/** A refusal must be the same refusal on both sides. One who served as well may have been believed either way. */
const outcomes = (usage: UsageId, halves: UsageHalves, received: Half): Finding[] => {
  const [served, refused] = [of(halves, received.counterparty, 'served'), of(halves, received.counterparty, 'refused')];
  const same = served !== undefined || refused === undefined || refused.outcome === received.outcome;
  return same || received.outcome === 'ok' || ownVerdicts.includes(received.outcome)
    ? []
    : [{ kind: 'differs', member: refused.member, usage, what: 'outcome', entries: [place(received), place(refused)] }];
};

/** What a new half contradicts among those that are there. Each pair is judged once, when its later half comes. */
const contradictions = (usage: UsageId, halves: UsageHalves, half: Half): Finding[] => {
  if (isAnswer(half)) {
    const request = of(halves, half.counterparty, 'requested');
    const received = halves.find(({ step, counterparty }) => step === 'received' && counterparty === half.member);
    return [
      ...(request === undefined ? [] : [...addressed(usage, request, half), ...differences(usage, request, half)]),
      ...(received === undefined || half.step === 'served' ? [] : outcomes(usage, [...halves, half], received)),
    ];
  }
  if (half.step === 'requested')
    return halves
      .filter(
        (other) => (isAnswer(other) && other.counterparty === half.member) || (other.step === 'received' && other.member === half.member),
      )
      .flatMap((other) => [...(isAnswer(other) ? addressed(usage, half, other) : []), ...differences(usage, half, other)]);
  const request = of(halves, half.member, 'requested');
  return [...(request === undefined ? [] : differences(usage, request, half)), ...outcomes(usage, [...halves, half], half)];
};

/** Takes one more half of a usage in. A step that stands in the same log already is `repeated` and not taken in. */
export const addHalf = (
  usage: UsageId,
  halves: UsageHalves,
  half: Half,
): { readonly halves: UsageHalves; readonly findings: readonly Finding[] } => {
  const before = of(halves, half.member, half.step);
  if (before !== undefined) {
    const finding: Finding = { kind: 'repeated', member: half.member, usage, what: half.step, entries: [place(before), place(half)] };
    return { halves, findings: [finding] };
  }
  return { halves: [...halves, half], findings: contradictions(usage, halves, half) };
};

/** A half that must have been durable before `because` was written: the other log holds one of `steps`, or it lacks it. */
export type Expected = { readonly member: MemberId; readonly steps: readonly LeafStep[]; readonly because: Half };

/** What must stand in another log already, given these halves. */
export const expectedOf = (halves: UsageHalves): readonly Expected[] =>
  halves.flatMap((half): Expected[] => {
    if (half.counterparty === undefined) return [];
    const member = half.counterparty as MemberId;
    if (isAnswer(half)) return [{ member, steps: ['requested'], because: half }];
    if (half.step !== 'received') return [];
    // Only a signed answer is logged as received, so it stands in the provider's log; a good one as served.
    return [{ member, steps: half.outcome === 'ok' ? ['served'] : ['served', 'refused'], because: half }];
  });

export const isThere = (halves: UsageHalves, { member, steps }: Expected): boolean =>
  steps.some((step) => of(halves, member, step) !== undefined);

export const missing = (usage: UsageId, { member, steps, because }: Expected): Finding => ({
  kind: 'half-missing',
  member,
  usage,
  what: steps.join(' or '),
  entries: [place(because)],
});

/** A request that went out and has no answer in its own log: the peer was down, or the answer is on its way. No fraud of anybody. */
export const isOpen = (halves: UsageHalves): boolean =>
  requests(halves).some(
    ({ member, outcome, counterparty }) => outcome === 'ok' && counterparty !== undefined && of(halves, member, 'received') === undefined,
  );

/** Nothing more is to come, and nothing is left to compare: the values can be forgotten, the steps must not be. */
export const isSettled = (halves: UsageHalves): boolean =>
  requests(halves).length > 0 && !isOpen(halves) && expectedOf(halves).every((expected) => isThere(halves, expected));
