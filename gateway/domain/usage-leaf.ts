import type { ConsentId, Hex, UsageId } from './ids.ts';

/** Which half of a usage a leaf is. Each usage id has at most one leaf of each `step` in a log. */
export const leafSteps = ['requested', 'served', 'refused', 'received', 'issued', 'erased'] as const;
export type LeafStep = (typeof leafSteps)[number];

/** What is to be logged: encoded, salted and tagged by the store through gateway/audit/leaf.ts. */
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

/** What can be shown later: `values` behind the leaf's commitments, and their `salts` (base64url, 16 bytes), by commitment name. */
export type LeafOpening = {
  readonly index: number;
  readonly usage: UsageId;
  readonly step: LeafStep;
  readonly values: Readonly<Record<string, string>>;
  readonly salts: Readonly<Record<string, string>>;
};
