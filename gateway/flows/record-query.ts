import type { ConsentId, DatasetId, GrantId, Hex, UsageId } from '../domain/ids.ts';
import type { BlockRef } from '../domain/registry-state.ts';
import type { Staff } from '../domain/staff.ts';
import type { Operation } from '../domain/vocabulary.ts';
import type { LogPosition } from '../ports/audit-store.ts';
import type { FieldValue } from '../ports/records.ts';

export type RequestRecordInput = {
  /** Chosen by the caller to be able to retry; made here when absent. */
  readonly usage?: UsageId;
  /** As the caller typed it; checked here, since a refused query is an entry too (rule 13). */
  readonly subject: { readonly type: string; readonly code: string };
  readonly dataset: DatasetId;
  /** Absent: every field that the authorization covers. */
  readonly fields?: readonly string[];
  readonly purpose: string;
  readonly operation: Operation;
  readonly grant?: GrantId;
  readonly consent?: ConsentId;
  readonly review?: string;
  readonly staff: Staff;
};

export type DeliveredRecord = Readonly<Record<string, FieldValue>>;
/**
 * What travelled as a hash only: a field of all delivered records where `record` is absent, a whole record where `field` is absent. `record` counts from 0 in the
 * order of the commitment.
 */
export type Withheld = { readonly record?: number; readonly field?: string; readonly reason: string };

/** What both sides signed or logged about this usage. Hashes are SHA-256 of the compact JWS. */
export type UsageReceipt = {
  readonly request: Hex;
  readonly response: Hex;
  readonly requested: LogPosition;
  readonly served: LogPosition;
  readonly received: LogPosition;
};

export type RequestRecordOutput = {
  readonly usage: UsageId;
  readonly outcome: 'ok';
  readonly provider: string;
  readonly dataset: DatasetId;
  readonly version: number;
  readonly block: BlockRef;
  readonly priceFen: string;
  readonly records: readonly DeliveredRecord[];
  readonly withheld: readonly Withheld[];
  readonly proof: { readonly root: Hex; readonly verified: true };
  readonly receipt: UsageReceipt;
};
