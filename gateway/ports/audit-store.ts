import type { ConsentId, Hex, UsageId } from '../domain/ids.ts';
import type { Refusal } from '../domain/result.ts';
import type { LeafDraft, LeafOpening, LeafStep } from '../domain/usage-leaf.ts';

export type { LeafDraft, LeafOpening, LeafStep };

export type LogPosition = { readonly log: number; readonly index: number; readonly leafHash: Hex };

export type Counter = { readonly key: string; readonly limit: number; readonly onLimit: Refusal };

export type AppendRequest = {
  readonly draft: LeafDraft;
  /** All of these are counted up by one, or none and `onLimit` of the first full one comes back. */
  readonly counters: readonly Counter[];
  /** Runs inside the store's critical section, right before the entry is made durable: the last look at the authorization. */
  readonly lastCheck?: () => Refusal | undefined;
  /** Stored in the same atomic write, under (usage, step): what an idempotent retry needs, and evidence. Sealed and erased together with the entry's opening. */
  readonly attachment?: Uint8Array;
};

/** 'erased': it was there, and its key was destroyed. undefined: there was none. */
export type Attachment = Uint8Array | 'erased' | undefined;

export type AppendOutcome =
  | { readonly kind: 'appended'; readonly position: LogPosition }
  /** The same (usage, step) is there already: nothing was counted or written. */
  | { readonly kind: 'present'; readonly position: LogPosition; readonly attachment: Attachment }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export type StoredLeaf = { readonly index: number; readonly leaf: Uint8Array };

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
  /**
   * Hashes of a tile (C2SP tlog-tiles): the roots of `width` neighbouring complete subtrees of 256^level leaves each, the first being the one over leaf
   * index·256^(level + 1); 32 bytes each, one after the other.
   */
  tile(level: number, index: number, width: number): Promise<Uint8Array>;
  leaves(from: number, to: number): AsyncIterable<StoredLeaf>;
  /** undefined where it was erased. */
  opening(index: number): Promise<LeafOpening | undefined>;
  find(usage: UsageId): Promise<readonly { readonly step: LeafStep; readonly position: LogPosition }[]>;
  /** What was stored with (usage, step): the way an idempotent retry finds it without trying to append. */
  recall(usage: UsageId, step: LeafStep): Promise<{ readonly position: LogPosition; readonly attachment: Attachment } | undefined>;
  /** Position of the n-th leaf tagged under this consent; undefined past the end. */
  tagged(consent: ConsentId, n: number): Promise<LogPosition | undefined>;
  count(counterKey: string): number;
}
