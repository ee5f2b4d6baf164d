/*
 * A schedule: what some subjects, banks, providers and councils do one after another, and queries in between. Everything is named by its place in these lists,
 * and time is counted in ticks from the start, so that the same schedule runs against the model, the mirror's reducer and a chain.
 */
export const memberNames = ['bank', 'rival', 'grid', 'authority', 'bureau'] as const;
export type MemberName = (typeof memberNames)[number];
export type ConsumerName = 'bank' | 'rival';
/** Grades 2 and 3 under grant and consent, and grade 1 declared open. */
export const datasetNames = ['meter', 'loan', 'open'] as const;
export type DatasetName = (typeof datasetNames)[number];
export const fieldNames = ['period', 'kWh'] as const;
export const purposeNames = ['loan-approval', 'loan-monitoring'] as const;
export type Operation = 'raw' | 'score';
/** `plain` by the authority; `brief` the same, over at tick 5; `bureau` by an issuer believed up to grade 2; `own` by the grantee, who may not. */
export const credentialNames = ['plain', 'brief', 'bureau', 'own'] as const;
export type CredentialName = (typeof credentialNames)[number];
export const briefUntil = 5;

export type Scope = { readonly dataset: DatasetName; readonly fields: readonly string[] };
export type ConsentPlan = {
  readonly grantee: ConsumerName;
  readonly scopes: readonly Scope[];
  readonly purpose: string;
  readonly operations: readonly Operation[];
  readonly from: number;
  readonly until: number;
  readonly maxUses: number;
  readonly subject: 0 | 1;
  readonly credential: CredentialName;
  /** What the provider holds of it: the opening, none, or one that is another's. */
  readonly opening: 'right' | 'missing' | 'foreign';
  /** Place of the earlier consent that this one renews, with the same key. */
  readonly renews: number | undefined;
};
export type GrantTerms = {
  readonly fields: readonly string[];
  readonly purposes: readonly string[];
  readonly operations: readonly Operation[];
  readonly from: number;
  readonly until: number;
  readonly quota: number;
  readonly price: number;
};
export type GrantPlan = GrantTerms & { readonly consumer: ConsumerName; readonly dataset: DatasetName };

export type Cut = 'fields' | 'operations' | 'until' | 'uses' | 'nothing' | 'wider';
export type Act =
  | { readonly act: 'give' | 'withdraw'; readonly consent: number }
  | { readonly act: 'amend'; readonly consent: number; readonly cut: Cut }
  | { readonly act: 'grant' | 'revokeGrant'; readonly grant: number }
  | { readonly act: 'amendGrant'; readonly grant: number; readonly terms: GrantTerms }
  | { readonly act: 'suspend' | 'resume'; readonly member: MemberName }
  | { readonly act: 'revokeCredential'; readonly credential: CredentialName }
  | { readonly act: 'retire'; readonly dataset: DatasetName };

/** What is wrong with a query that would otherwise fit its consent. */
export const twists = [
  'none',
  'consumer',
  'dataset',
  'open',
  'unknown-dataset',
  'both-fields',
  'field',
  'purpose',
  'unlisted-purpose',
  'operation',
  'verify',
  'subject',
  'no-consent',
  'unknown-consent',
  'no-reviewer',
  'same-reviewer',
] as const;
export type Query = {
  readonly consent: number;
  /** By place; `any` leaves the choice to the provider. */
  readonly grant: number | 'any' | 'unknown';
  readonly twist: (typeof twists)[number];
  /** That many at once, each under its own usage id. */
  readonly parallel: number;
  /** What reaches the chain after they were decided and before they are counted. */
  readonly meanwhile: Act | undefined;
};
export type Step =
  | Act
  | ({ readonly act: 'query' } & Query)
  /** The last query that was served, with its usage id and its words. */
  | { readonly act: 'repeat' }
  /** A withdrawal is handed to the provider's gateway and is not on chain yet. */
  | { readonly act: 'hold'; readonly consent: number }
  | { readonly act: 'pass'; readonly ticks: number };
export type Schedule = {
  readonly consents: readonly ConsentPlan[];
  readonly grants: readonly GrantPlan[];
  readonly steps: readonly Step[];
};
