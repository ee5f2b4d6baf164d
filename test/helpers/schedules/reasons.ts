import type { Asked } from './asked.ts';
import type { ModelState } from './model.ts';
import { briefUntil, type ConsentPlan, type DatasetName, fieldNames, type GrantPlan, purposeNames } from './schedule.ts';

const grades: Readonly<Record<DatasetName, number>> = { meter: 2, loan: 3, open: 1 };
const usesOf = ({ uses }: ModelState, key: string): number => uses.get(key) ?? 0;

const grantFaults = (state: ModelState, place: number, asked: Asked, now: number): string[] => {
  const given = state.grants[place];
  const plan = state.schedule.grants[place] as GrantPlan;
  if (given === undefined) return ['GRANT_MISSING'];
  const { terms } = given;
  return [
    ...(plan.consumer !== asked.consumer || plan.dataset !== asked.dataset ? ['GRANT_MISMATCH'] : []),
    ...(given.revoked ? ['GRANT_REVOKED'] : []),
    ...(now >= terms.until ? ['GRANT_EXPIRED'] : []),
    ...(now < terms.from ? ['GRANT_NOT_YET_VALID'] : []),
    ...(asked.fields.every((field) => terms.fields.includes(field)) ? [] : ['GRANT_FIELD_MISMATCH']),
    ...(terms.purposes.includes(asked.purpose) ? [] : ['GRANT_PURPOSE_MISMATCH']),
    ...(terms.operations.includes(asked.operation as never) ? [] : ['GRANT_OPERATION_MISMATCH']),
  ];
};

/** The grant that a query stands under: the one it names, else the cheapest, then longest lasting, then first of the consumer's own that fit. */
const grantFor = (
  state: ModelState,
  asked: Asked,
  now: number,
  orderOf: (place: number) => string,
): { place?: number; faults: string[] } => {
  if (asked.grant === 'unknown') return { faults: ['GRANT_MISSING'] };
  if (asked.grant !== 'any') {
    const faults = grantFaults(state, asked.grant, asked, now);
    return faults.length === 0 ? { place: asked.grant, faults } : { faults };
  }
  const own = state.schedule.grants.flatMap((plan, place) =>
    state.grants[place] !== undefined && plan.consumer === asked.consumer && plan.dataset === asked.dataset ? [place] : [],
  );
  const fitting = own.filter((place) => grantFaults(state, place, asked, now).length === 0);
  const terms = (place: number) => state.grants[place]?.terms as GrantPlan;
  fitting.sort((a, b) => terms(a).price - terms(b).price || terms(b).until - terms(a).until || (orderOf(a) < orderOf(b) ? -1 : 1));
  const [best] = fitting;
  if (best !== undefined) return { place: best, faults: [] };
  return { faults: own.length === 0 ? ['GRANT_MISSING'] : own.flatMap((place) => grantFaults(state, place, asked, now)) };
};

const credentialFaults = (state: ModelState, plan: ConsentPlan, dataset: DatasetName, now: number): string[] => {
  const issuer = { plain: 'authority', brief: 'authority', bureau: 'bureau', own: plan.grantee } as const;
  const by = issuer[plan.credential];
  return [
    ...(plan.credential === 'own' ? ['CREDENTIAL_ISSUER_IS_GRANTEE', 'CREDENTIAL_ISSUER_NOT_ACCEPTED'] : []),
    ...(plan.credential === 'bureau' && grades[dataset] > 2 ? ['CREDENTIAL_ISSUER_NOT_ACCEPTED'] : []),
    ...(plan.credential === 'brief' && now >= briefUntil ? ['CREDENTIAL_EXPIRED'] : []),
    ...(state.revokedCredentials.has(plan.credential) ? ['CREDENTIAL_REVOKED'] : []),
    ...(state.suspended.has(by) ? ['MEMBER_SUSPENDED'] : []),
  ];
};

const consentFaults = (state: ModelState, asked: Asked, dataset: DatasetName, now: number): string[] => {
  if (asked.consent === undefined) return ['CONSENT_MISSING'];
  if (asked.consent === 'unknown') return ['CONSENT_UNKNOWN'];
  const plan = state.schedule.consents[asked.consent] as ConsentPlan;
  const given = state.consents[asked.consent];
  const gone = state.barred.has(asked.consent) || state.held.has(asked.consent) ? ['CONSENT_WITHDRAWN'] : [];
  if (given === undefined) return [...gone, 'CONSENT_UNKNOWN'];
  const { terms } = given;
  const scope = terms.scopes.find((one) => one.dataset === dataset);
  return [
    ...gone,
    ...(given.state === 'withdrawn' ? ['CONSENT_WITHDRAWN'] : []),
    ...(given.state === 'renewed' ? ['CONSENT_RENEWED'] : []),
    ...(now >= terms.until ? ['CONSENT_EXPIRED'] : []),
    ...(now < plan.from ? ['CONSENT_NOT_YET_VALID'] : []),
    ...(plan.grantee === asked.consumer ? [] : ['CONSENT_GRANTEE_MISMATCH']),
    ...(scope === undefined ? ['CONSENT_DATASET_MISMATCH'] : []),
    ...(scope !== undefined && !asked.fields.every((field) => scope.fields.includes(field)) ? ['CONSENT_FIELD_MISMATCH'] : []),
    ...(plan.purpose === asked.purpose ? [] : ['CONSENT_PURPOSE_MISMATCH']),
    ...(terms.operations.includes(asked.operation as never) ? [] : ['CONSENT_OPERATION_MISMATCH']),
    ...(plan.opening === 'missing' ? ['CONSENT_OPENING_MISSING'] : []),
    ...(plan.opening === 'foreign' ? ['CONSENT_OPENING_INVALID'] : []),
    ...(plan.subject === asked.subject ? [] : ['CONSENT_SUBJECT_MISMATCH']),
    ...(plan.opening === 'right' ? credentialFaults(state, plan, dataset, now) : []),
  ];
};

/** Under what a usage is counted, each with its limit: what the rules leave of it. */
export type Count = { readonly key: string; readonly limit: number; readonly code: string };
export type Verdict = { readonly faults: ReadonlySet<string>; readonly counts: readonly Count[] };

/**
 * All true reasons to refuse a query at block time `now` (rules 1 to 4, 8, 14, 15 of domain.md), and what would count it. None: it is served while every count is
 * below its limit (rule 9). `orderOf` gives the ids of grants, the last of their preferences; `delivers` the operations that the protocol under test serves.
 */
export const judge = (
  state: ModelState,
  asked: Asked,
  now: number,
  orderOf: (place: number) => string,
  delivers: readonly string[] = ['raw', 'score', 'verify'],
): Verdict => {
  const { dataset } = asked;
  if (dataset === 'nowhere')
    return { faults: new Set(['DATASET_UNKNOWN', ...(state.suspended.has(asked.consumer) ? ['MEMBER_SUSPENDED'] : [])]), counts: [] };
  const common = [
    ...(state.suspended.has(asked.consumer) || state.suspended.has('grid') ? ['MEMBER_SUSPENDED'] : []),
    ...(state.retired.has(dataset) ? ['DATASET_RETIRED'] : []),
    ...((purposeNames as readonly string[]).includes(asked.purpose) ? [] : ['PURPOSE_UNKNOWN']),
    ...(['raw', 'score'].includes(asked.operation) && delivers.includes(asked.operation) ? [] : ['OPERATION_NOT_ALLOWED']),
    ...(asked.fields.every((field) => (fieldNames as readonly string[]).includes(field)) ? [] : ['FIELD_UNKNOWN']),
  ];
  if (dataset === 'open') return { faults: new Set(common), counts: [] };
  const grant = grantFor(state, asked, now, orderOf);
  const reviewed = grades[dataset] < 3 || asked.reviewer === 'other';
  const faults = new Set([
    ...common,
    ...grant.faults,
    ...consentFaults(state, asked, dataset, now),
    ...(reviewed ? [] : [asked.reviewer === undefined ? 'REVIEW_REQUIRED' : 'REVIEW_SAME_PERSON']),
  ]);
  const counts: Count[] = [];
  if (faults.size === 0 && typeof asked.consent === 'number' && grant.place !== undefined) {
    const quota = state.grants[grant.place]?.terms.quota ?? 0;
    counts.push({
      key: `consent/${asked.consent}/${dataset}`,
      limit: state.consents[asked.consent]?.terms.maxUses ?? 0,
      code: 'CONSENT_USED_UP',
    });
    counts.push({ key: `grant/${grant.place}`, limit: quota === 0 ? Number.POSITIVE_INFINITY : quota, code: 'GRANT_QUOTA_USED' });
  }
  return { faults, counts };
};

/** How many of `parallel` the counts still let through. */
export const room = (state: ModelState, counts: readonly Count[], parallel: number): number =>
  Math.max(0, Math.min(parallel, ...counts.map(({ key, limit }) => limit - usesOf(state, key))));
/** Counts that are full now. */
export const full = (state: ModelState, counts: readonly Count[]): string[] =>
  counts.filter(({ key, limit }) => usesOf(state, key) >= limit).map(({ code }) => code);
export const use = (state: ModelState, counts: readonly Count[], times: number): void => {
  for (const { key } of counts) state.uses.set(key, usesOf(state, key) + times);
};
