import type { CheckedShown } from './credential.ts';
import type { ConsentId, DatasetId, GrantId, MemberId } from './ids.ts';
import type { BlockRef, Consent, Dataset, DatasetVersion, Grant } from './registry-state.ts';
import type { SubjectRef } from './subject.ts';
import type { Grade, Operation } from './vocabulary.ts';

/** An issuer that a provider believes, up to a dataset's grade. */
export type AcceptedIssuer = { readonly issuer: MemberId; readonly maxGrade: Grade };

/** All that a decision depends on besides the registries. */
export type Ask = {
  readonly consumer: MemberId;
  readonly dataset: DatasetId;
  readonly fields: readonly string[];
  readonly purpose: string;
  readonly operation: Operation;
  readonly subject: SubjectRef;
  /** Staff names; `reviewer` null when nobody reviewed. */
  readonly requester: string;
  readonly reviewer: string | null;
  /** undefined: the best grant that fits is taken. */
  readonly grant?: GrantId | undefined;
  readonly consent?: ConsentId | undefined;
  readonly opening?: CheckedShown | undefined;
  /** The provider's list; null on the consumer's side, which can't know it. */
  readonly issuersAccepted: readonly AcceptedIssuer[] | null;
};

type Common = {
  readonly block: BlockRef;
  readonly provider: MemberId;
  readonly dataset: Dataset;
  readonly version: DatasetVersion;
  readonly grade: Grade;
  readonly priceFen: bigint;
};
/** Why a usage is lawful at one block. `open`: a grade 1 dataset that its owner declared open needs neither grant nor consent. */
export type Authorization =
  | (Common & { readonly basis: 'open' })
  | (Common & { readonly basis: 'consent'; readonly grant: Grant; readonly consent: Consent });
