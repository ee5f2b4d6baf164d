import { type ConsentId, type GrantId, isBytes32, type MemberId, type UsageId } from '../domain/ids.ts';
import type { LeafStep } from '../domain/usage-leaf.ts';
import type { OpenedLeaf } from './leaf.ts';

/** One member's opened leaves, all of the stretch of its log that is being audited. */
export type Half = { readonly member: MemberId; readonly leaves: readonly OpenedLeaf[] };

/** What the chain says, as it stood at the end of the stretch. */
export type MatchFacts = {
  /** Block in which the consent was withdrawn; undefined when it was not. */
  readonly withdrawnAt: (consent: ConsentId) => number | undefined;
  /** As it stood at this block: an amendment may have narrowed it since. */
  readonly maxUses: (consent: ConsentId, block: number) => number | undefined;
  /** As it stood at this block; undefined when unlimited. */
  readonly quota: (grant: GrantId, block: number) => number | undefined;
};

/**
 * `half-missing`: one side has an entry that the other must have and has not. `differs`: both have, and say different things. `repeated`: one usage stands twice
 * under one step. `after-withdrawal`: served on a block at which the consent was withdrawn already. `over-use`, `over-quota`: served more often than allowed.
 * `malformed`: what was committed to is not written as the protocol says.
 */
export type Finding = {
  readonly kind: 'half-missing' | 'differs' | 'repeated' | 'after-withdrawal' | 'over-use' | 'over-quota' | 'malformed';
  readonly usage: UsageId;
  /** The member whose log is wrong, or lacks something. */
  readonly member: MemberId;
  readonly what: string;
};

type Steps = ReadonlyMap<LeafStep, OpenedLeaf>;

// What both sides know and commit to in the same words; messages are hashed by their receiver only.
const shared = ['subject', 'staff', 'reviewer', 'grant', 'consent', 'dataset', 'fields', 'purpose', 'operation', 'price'] as const;

/** A served answer was given; a refusal answered by the peer shows the peer's own code on both sides. */
const answered = (steps: Steps): OpenedLeaf | undefined => steps.get('served') ?? steps.get('refused');

const byUsage = (half: Half, findings: Finding[]): Map<UsageId, Steps> => {
  const usages = new Map<UsageId, Map<LeafStep, OpenedLeaf>>();
  for (const leaf of half.leaves) {
    const steps = usages.get(leaf.usage) ?? new Map<LeafStep, OpenedLeaf>();
    if (steps.has(leaf.leaf.step)) findings.push({ kind: 'repeated', usage: leaf.usage, member: half.member, what: leaf.leaf.step });
    else steps.set(leaf.leaf.step, leaf);
    usages.set(leaf.usage, steps);
  }
  return usages;
};

const concerns = (steps: Steps, counterparty: MemberId, of: readonly LeafStep[]): boolean =>
  of.some((step) => steps.get(step)?.values.counterparty === counterparty);

const differences = (usage: UsageId, asked: OpenedLeaf, answer: OpenedLeaf, member: MemberId): Finding[] =>
  shared
    .filter((name) => {
      const [mine, theirs] = [asked.values[name], answer.values[name]];
      return mine !== undefined && theirs !== undefined && mine !== theirs;
    })
    .map((what) => ({ kind: 'differs', usage, member, what }));

/** Counts what a provider served under each key, and names every usage beyond the limit, in the order of the log. */
const overruns = (
  served: readonly OpenedLeaf[],
  member: MemberId,
  kind: 'over-use' | 'over-quota',
  keyOf: (leaf: OpenedLeaf) => string | undefined,
  limitOf: (leaf: OpenedLeaf) => number | undefined,
): Finding[] => {
  const counts = new Map<string, number>();
  return served.flatMap((leaf): Finding[] => {
    const [key, limit] = [keyOf(leaf), limitOf(leaf)];
    if (key === undefined || limit === undefined) return [];
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count > limit ? [{ kind, usage: leaf.usage, member, what: `${count} of ${limit}` }] : [];
  });
};

/** A committed grant id; undefined for anything else, since who wrote it is being audited. */
const grantId = (committed: string): GrantId | undefined => (isBytes32(committed) ? (committed as GrantId) : undefined);

/**
 * Holds one provider's served leaves against the chain: limits and withdrawals. Give it all of the provider's leaves, whoever the consumers are, since limits
 * are counted at the provider. Sandboxed and scored uses count like any other.
 */
export const checkServed = (provider: Half, facts: MatchFacts): readonly Finding[] => {
  const served = provider.leaves.filter(({ leaf }) => leaf.step === 'served').sort((a, b) => a.index - b.index);
  const consentOf = ({ values }: OpenedLeaf) => values.consent as ConsentId | undefined;
  // The quota counts on across the grant's versions; which one held is told by the leaf's block.
  const grantOf = ({ values }: OpenedLeaf) => (values.grant === undefined ? undefined : grantId(values.grant));
  const malformed = served
    .filter((leaf) => leaf.values.grant !== undefined && grantOf(leaf) === undefined)
    .map(({ usage }): Finding => ({ kind: 'malformed', usage, member: provider.member, what: 'grant' }));
  const late = served.flatMap((leaf): Finding[] => {
    const consent = consentOf(leaf);
    const withdrawn = consent === undefined ? undefined : facts.withdrawnAt(consent);
    return withdrawn !== undefined && leaf.leaf.block >= withdrawn
      ? [
          {
            kind: 'after-withdrawal',
            usage: leaf.usage,
            member: provider.member,
            what: `block ${leaf.leaf.block}, withdrawn in ${withdrawn}`,
          },
        ]
      : [];
  });
  const uses = overruns(
    served,
    provider.member,
    'over-use',
    (leaf) => (consentOf(leaf) === undefined ? undefined : `${consentOf(leaf)}/${leaf.values.dataset}`),
    (leaf) => (consentOf(leaf) === undefined ? undefined : facts.maxUses(consentOf(leaf)!, leaf.leaf.block)),
  );
  const quotas = overruns(served, provider.member, 'over-quota', grantOf, (leaf) =>
    grantOf(leaf) === undefined ? undefined : facts.quota(grantOf(leaf)!, leaf.leaf.block),
  );
  return [...malformed, ...late, ...uses, ...quotas];
};

/**
 * Matches what a consumer says it asked and got with what a provider says it answered, usage by usage. A request that got no answer on either side is no
 * finding (the peer was down); one that the consumer says was answered must stand in the provider's log, and everything the provider answered in the consumer's.
 */
export const matchHalves = (consumer: Half, provider: Half): readonly Finding[] => {
  const findings: Finding[] = [];
  const asked = byUsage(consumer, findings);
  const given = byUsage(provider, findings);
  for (const [usage, steps] of asked) {
    const received = steps.get('received');
    if (received?.values.counterparty !== provider.member || received.leaf.outcome !== 'ok') continue;
    if (!given.get(usage)?.has('served')) findings.push({ kind: 'half-missing', usage, member: provider.member, what: 'served' });
  }
  for (const [usage, steps] of given) {
    if (!concerns(steps, consumer.member, ['served', 'refused'])) continue;
    const mine = asked.get(usage);
    const request = mine?.get('requested');
    if (request === undefined) {
      findings.push({ kind: 'half-missing', usage, member: consumer.member, what: 'requested' });
      continue;
    }
    if (request.values.counterparty !== provider.member)
      findings.push({ kind: 'differs', usage, member: consumer.member, what: 'counterparty' });
    findings.push(...differences(usage, request, answered(steps)!, provider.member));
  }
  return findings;
};
