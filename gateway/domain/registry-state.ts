import type { Address, ConsentId, DatasetId, GrantId, Hex, MemberId, ModelId, RequestId, SubjectCommitment } from './ids.ts';
import type { Grade, MemberStatus, Operation, Role, Sector, ShareClass } from './vocabulary.ts';

/** A final block: what a decision names. `time` is block time in seconds. */
export type BlockRef = { readonly number: number; readonly hash: Hex; readonly time: number };

export type KeyPurpose = 'sign' | 'seal' | 'note' | 'tls';
/** A member's public key with its validity in blocks; `untilBlock` 0 means open, else the first block at which it no longer holds. */
export type MemberKey = {
  readonly index: number;
  readonly purpose: KeyPurpose;
  readonly suite: string;
  readonly data: Hex;
  readonly fromBlock: number;
  readonly untilBlock: number;
};

export type Member = {
  readonly id: MemberId;
  readonly sector: Sector;
  readonly roles: readonly Role[];
  readonly status: MemberStatus;
  readonly account: Address;
  /** Those given up, the first one first: what they signed is not forgotten. */
  readonly formerAccounts: readonly Address[];
  readonly name: string;
  readonly endpoint: string;
  readonly keys: readonly MemberKey[];
  /** How many contradictions between its own checkpoints are recorded on chain. */
  readonly forks: number;
};

export type Dataset = {
  readonly id: DatasetId;
  readonly owner: MemberId;
  readonly title: string;
  readonly kind: string;
  readonly shareClass: ShareClass;
  readonly operations: readonly Operation[];
  readonly schemaHash: Hex;
  readonly termsHash: Hex;
  readonly priceFen: bigint;
  readonly grade: Grade;
  readonly fields: readonly { readonly name: string; readonly grade: Grade }[];
  readonly version: number;
  readonly retired: boolean;
  readonly registrationCode: Hex;
};

export type Commitment = { readonly name: string; readonly suite: string; readonly root: Hex; readonly size: number };
export type DatasetVersion = {
  readonly dataset: DatasetId;
  readonly version: number;
  readonly schemaHash: Hex;
  readonly commitments: readonly Commitment[];
  readonly asOf: number;
  readonly block: number;
};

/** Times in seconds of block time, `notAfter` exclusive; quota 0 is unlimited. */
export type GrantScope = {
  readonly fields: readonly string[];
  readonly purposes: readonly string[];
  readonly operations: readonly Operation[];
  readonly notBefore: number;
  readonly notAfter: number;
  readonly quota: number;
};
export type AccessRequest = {
  readonly id: RequestId;
  readonly dataset: DatasetId;
  readonly consumer: MemberId;
  readonly scope: GrantScope;
  readonly state: 'open' | 'granted' | 'declined' | 'cancelled';
};
export type Grant = {
  readonly id: GrantId;
  readonly request: RequestId;
  readonly dataset: DatasetId;
  readonly provider: MemberId;
  readonly consumer: MemberId;
  readonly scope: GrantScope;
  readonly priceFen: bigint;
  readonly termsHash: Hex;
  readonly version: number;
  readonly state: 'live' | 'revoked';
  readonly byPolicy: boolean;
};

export type ConsentScope = { readonly dataset: DatasetId; readonly fields: readonly string[] };
export type Consent = {
  readonly id: ConsentId;
  readonly subject: SubjectCommitment;
  readonly key: Address;
  readonly grantee: MemberId;
  readonly scopes: readonly ConsentScope[];
  readonly purpose: string;
  readonly operations: readonly Operation[];
  readonly notBefore: number;
  readonly notAfter: number;
  readonly maxUses: number;
  readonly revision: number;
  readonly state: 'given' | 'withdrawn' | 'renewed';
  readonly renews: ConsentId | undefined;
  readonly renewedBy: ConsentId | undefined;
};

/** What a session under the model delivers to the consumer. */
export const modelOutputs = ['score', 'band', 'decision'] as const;
export type ModelOutput = (typeof modelOutputs)[number];
export type ModelPart = { readonly dataset: DatasetId; readonly derivation: Hex; readonly partHash: Hex };
/** For how many of the attainable totals some provider's points are pinned down, by the word of an auditor. */
export type LeakageReport = {
  readonly auditor: MemberId;
  readonly pinned: number;
  readonly attainable: number;
  readonly reportHash: Hex;
  readonly block: number;
};
/** One version of a scoring model (IModelRegistry); times in seconds of block time, `notAfter` exclusive. */
export type Model = {
  readonly id: ModelId;
  readonly version: number;
  readonly owner: MemberId;
  readonly documentHash: Hex;
  readonly output: ModelOutput;
  readonly reasonsToConsumer: boolean;
  readonly minContributors: number;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly parts: readonly ModelPart[];
  readonly block: number;
  readonly reports: readonly LeakageReport[];
  readonly approvedByCouncil: boolean;
  /** Datasets whose providers approved their part. */
  readonly approvedParts: readonly DatasetId[];
  readonly retired: boolean;
};

export type Anchor = {
  readonly member: MemberId;
  readonly log: number;
  readonly suite: string;
  readonly size: number;
  readonly root: Hex;
  readonly block: number;
};
