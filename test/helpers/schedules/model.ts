import type { Act, ConsentPlan, Cut, DatasetName, GrantTerms, MemberName, Schedule, Scope } from './schedule.ts';

/** The part of a consent that an amendment can narrow. */
export type ConsentTerms = {
  readonly scopes: readonly Scope[];
  readonly operations: ConsentPlan['operations'];
  readonly until: number;
  readonly maxUses: number;
};
export type GivenConsent = { state: 'live' | 'withdrawn' | 'renewed'; revision: number; terms: ConsentTerms };
export type GivenGrant = { revoked: boolean; version: number; terms: GrantTerms };

/** The state of all registries as the rules have it, by places and ticks, and what was served so far. Plain data. */
export type ModelState = {
  readonly schedule: Schedule;
  readonly suspended: Set<MemberName>;
  readonly retired: Set<DatasetName>;
  readonly revokedCredentials: Set<string>;
  readonly consents: (GivenConsent | undefined)[];
  readonly barred: Set<number>;
  /** Handed to the provider's gateway, whether or not on chain. */
  readonly held: Set<number>;
  readonly grants: (GivenGrant | undefined)[];
  /** `consent place/dataset` and `grant place` -> times served. */
  readonly uses: Map<string, number>;
};

export const newState = (schedule: Schedule): ModelState => ({
  schedule,
  suspended: new Set(),
  retired: new Set(),
  revokedCredentials: new Set(),
  consents: schedule.consents.map(() => undefined),
  barred: new Set(),
  held: new Set(),
  grants: schedule.grants.map(() => undefined),
  uses: new Map(),
});

/** What the amendment of a consent would say: its newest terms with one thing narrower, the same, or one use more. */
export const amended = ({ schedule, consents }: ModelState, place: number, cut: Cut): { revision: number; terms: ConsentTerms } => {
  const given = consents[place];
  const terms: ConsentTerms = given?.terms ?? (schedule.consents[place] as ConsentPlan);
  const { scopes, operations, until, maxUses } = terms;
  const now = { scopes, operations, until, maxUses };
  const change = (): ConsentTerms => {
    switch (cut) {
      case 'fields':
        if (scopes.length > 1) return { ...now, scopes: scopes.slice(0, -1) };
        return { ...now, scopes: scopes.map(({ dataset, fields }) => ({ dataset, fields: fields.slice(0, 1) })) };
      case 'operations':
        return { ...now, operations: operations.slice(0, 1) };
      case 'until':
        return { ...now, until: until - 2 };
      case 'uses':
        return { ...now, maxUses: maxUses - 1 };
      case 'wider':
        return { ...now, maxUses: maxUses + 1 };
      case 'nothing':
        return now;
    }
  };
  return { revision: (given?.revision ?? 0) + 1, terms: change() };
};

const size = (terms: ConsentTerms): number => terms.scopes.reduce((sum, { fields }) => sum + fields.length, 0);

/**
 * Whether the registries take this at block time `now`, after the rules of design.md §4, and if so the state after it: `state` is changed. Only its owner changes a
 * dataset or a grant; a subject's withdrawal and a provider's revocation are never stopped; amendments only narrow; a withdrawal of what is not recorded bars it.
 */
export const accept = (state: ModelState, act: Act, now: number): boolean => {
  const { schedule, suspended, retired, consents, grants } = state;
  switch (act.act) {
    case 'give': {
      const plan = schedule.consents[act.consent] as ConsentPlan;
      const old = plan.renews === undefined ? undefined : consents[plan.renews];
      if (consents[act.consent] !== undefined || state.barred.has(act.consent)) return false;
      if (plan.until <= now || suspended.has(plan.grantee) || plan.scopes.some(({ dataset }) => retired.has(dataset))) return false;
      if (plan.renews !== undefined && old?.state !== 'live') return false;
      if (old !== undefined) old.state = 'renewed';
      consents[act.consent] = { state: 'live', revision: 0, terms: plan };
      return true;
    }
    case 'amend': {
      const given = consents[act.consent];
      if (given?.state !== 'live' || given.terms.until <= now) return false;
      const { revision, terms } = amended(state, act.consent, act.cut);
      const from = (schedule.consents[act.consent] as ConsentPlan).from;
      const narrower =
        size(terms) < size(given.terms) ||
        terms.operations.length < given.terms.operations.length ||
        terms.until < given.terms.until ||
        terms.maxUses < given.terms.maxUses;
      if (!narrower || terms.maxUses < 1 || terms.until <= from) return false;
      consents[act.consent] = { ...given, revision, terms };
      return true;
    }
    case 'withdraw': {
      const given = consents[act.consent];
      if (given === undefined) {
        if (state.barred.has(act.consent)) return false;
        state.barred.add(act.consent);
        return true;
      }
      if (given.state === 'withdrawn') return false;
      given.state = 'withdrawn';
      return true;
    }
    case 'grant': {
      const plan = schedule.grants[act.grant];
      if (plan === undefined || grants[act.grant] !== undefined) return false;
      if (suspended.has(plan.consumer) || suspended.has('grid') || retired.has(plan.dataset) || plan.until <= now) return false;
      grants[act.grant] = { revoked: false, version: 1, terms: plan };
      return true;
    }
    case 'amendGrant': {
      const plan = schedule.grants[act.grant];
      const given = grants[act.grant];
      if (plan === undefined || given === undefined || given.revoked) return false;
      if (suspended.has('grid') || retired.has(plan.dataset) || act.terms.until <= now || act.terms.until <= act.terms.from) return false;
      given.terms = act.terms;
      given.version += 1;
      return true;
    }
    case 'revokeGrant': {
      const given = grants[act.grant];
      if (given === undefined || given.revoked) return false;
      given.revoked = true;
      return true;
    }
    case 'suspend':
      return !suspended.has(act.member) && suspended.add(act.member).size > 0;
    case 'resume':
      return suspended.delete(act.member);
    case 'revokeCredential':
      return !state.revokedCredentials.has(act.credential) && state.revokedCredentials.add(act.credential).size > 0;
    case 'retire':
      return !suspended.has('grid') && !retired.has(act.dataset) && retired.add(act.dataset).size > 0;
  }
};
