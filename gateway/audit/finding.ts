import type { MemberId, UsageId } from '../domain/ids.ts';

/**
 * What an audit can find. Of one log: `log-unread`, `checkpoint-false` (not signed by the member), `checkpoint-shrunk`, `fork` (two signed roots that can't both
 * stand), `deleted`, `inserted`, `altered`, `reordered` (how the entries differ from those seen before), `root-differs` (entries and their signed or anchored root),
 * `log-shorter-than-anchor`, `leaf-out-of-place`, `leaf-malformed`, `opening-differs`, `opening-out-of-place`. Of time: `backdated`, `stale-decision`,
 * `late-anchor`. Of usages: `half-missing`, `differs`, `repeated`, `malformed`. Of authorization: `after-withdrawal`, `unauthorized`,
 * `credential-invalid` (revoked, expired, of another subject, false), `credential-unshown`, `over-use`, `over-quota`.
 */
export const findingKinds = [
  'log-unread',
  'checkpoint-false',
  'checkpoint-shrunk',
  'fork',
  'deleted',
  'inserted',
  'altered',
  'reordered',
  'root-differs',
  'log-shorter-than-anchor',
  'leaf-out-of-place',
  'leaf-malformed',
  'opening-differs',
  'opening-out-of-place',
  'backdated',
  'stale-decision',
  'late-anchor',
  'half-missing',
  'differs',
  'repeated',
  'malformed',
  'after-withdrawal',
  'unauthorized',
  'credential-invalid',
  'credential-unshown',
  'over-use',
  'over-quota',
] as const;
export type FindingKind = (typeof findingKinds)[number];

/** An entry by the log it stands in. */
export type Place = { readonly member: MemberId; readonly index: number };

export type Finding = {
  readonly kind: FindingKind;
  /** The member whose log is wrong, or lacks something; the profile's name where not even that was learnt. */
  readonly member: MemberId;
  readonly usage?: UsageId;
  readonly what: string;
  /** The entries it rests on. */
  readonly entries: readonly Place[];
};
