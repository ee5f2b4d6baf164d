import type { ConsentId, Hex, UsageId } from '../domain/ids.ts';
import type { Refusal } from '../domain/result.ts';

/** Which half of a usage a leaf is. Each usage id has at most one leaf of each `step` in a log. */
export type LeafStep = 'requested' | 'served' | 'refused' | 'received' | 'issued';

export type LogPosition = { readonly log: number; readonly index: number; readonly leafHash: Hex };

/** What can be shown later: the values behind the leaf's salted commitments, by commitment name (gateway/audit/leaf.ts). */
export type LeafDraft = {
  readonly step: LeafStep;
  readonly usage: UsageId;
  /** Milliseconds of the writer's clock; the deciding block stands beside it. */
  readonly time: number;
  readonly block: number;
  /** 'ok' or an error code of the catalogue. */
  readonly outcome: string;
  /** Present under a consent: the leaf is tagged HMAC(historyKey, log, n), n counted by the store per consent. */
  readonly consent: { readonly id: ConsentId; readonly historyKey: Hex } | undefined;
  /** Values to commit to, each salted on its own: subject, staff, grant, dataset, fields, purpose, ... (canonical JSON strings). */
  readonly committed: Readonly<Record<string, string>>;
};

export type Counter = { readonly key: string; readonly limit: number; readonly onLimit: Refusal };

export type AppendRequest = {
  readonly draft: LeafDraft;
  /** All of these are counted up by one, or none and `onLimit` of the first full one comes back. */
  readonly counters: readonly Counter[];
  /** Runs inside the store's critical section, right before the entry is made durable: the last look at the authorization. */
  readonly lastCheck?: () => Refusal | undefined;
  /** Stored in the same atomic write, under (usage, step): what an idempotent retry needs. */
  readonly attachment?: Uint8Array;
};

export type AppendOutcome =
  | { readonly kind: 'appended'; readonly position: LogPosition }
  /** The same (usage, step) is there already: nothing was counted or written. */
  | { readonly kind: 'present'; readonly position: LogPosition; readonly attachment: Uint8Array | undefined }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export type StoredLeaf = { readonly index: number; readonly leaf: Uint8Array };
/** `values` and `salts` (base64url, 16 bytes) by commitment name. */
export type LeafOpening = {
  readonly index: number;
  readonly usage: UsageId;
  readonly step: LeafStep;
  readonly values: Readonly<Record<string, string>>;
  readonly salts: Readonly<Record<string, string>>;
};

/**
 * One member's audit log. `append` resolves only when the entry, its counters and its attachment are durable (fsync) in one atomic write; many callers share
 * one write (group commit). When it rejects (STORE_WRITE_FAILED), nothing may be answered on its strength; whether it persisted is found by retrying the same (usage, step).
 * `size` never shrinks. Reads see durable entries only.
 */
export interface AuditStore {
  readonly log: number;
  append(request: AppendRequest): Promise<AppendOutcome>;
  size(): number;
  /** RFC 6962 root over the first `size` leaves. */
  root(size: number): Promise<Hex>;
  /** RFC 9162 §2.1.3.1. */
  inclusion(index: number, size: number): Promise<readonly Hex[]>;
  /** RFC 9162 §2.1.4.1. */
  consistency(from: number, to: number): Promise<readonly Hex[]>;
  leaves(from: number, to: number): AsyncIterable<StoredLeaf>;
  opening(index: number): Promise<LeafOpening | undefined>;
  find(usage: UsageId): Promise<readonly { readonly step: LeafStep; readonly position: LogPosition }[]>;
  /** Position of the n-th leaf tagged under this consent; undefined past the end. */
  tagged(consent: ConsentId, n: number): Promise<LogPosition | undefined>;
  count(counterKey: string): number;
}
