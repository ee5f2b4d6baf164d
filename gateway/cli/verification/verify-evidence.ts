import { sha256Hex } from '../../domain/hash.ts';
import type { Hex, MemberId } from '../../domain/ids.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import { verifyJws } from '../../sealing/jws.ts';
import { messageTypes, parseUsageRequest, parseUsageResponse } from '../../sealing/messages.ts';
import type { HistoryEntry } from './verify-history.ts';

/** What a member signed about its own log: its entry of this usage stands at this place. */
export type Claim = {
  readonly by: MemberId;
  /** Whose entry the message was kept beside. */
  readonly shownBy: MemberId;
  readonly usage: string;
  readonly outcome: string;
  readonly index: number;
  readonly leafHash: Hex;
  readonly message: string;
};

/**
 * The other side's claim out of the message that an entry answers. undefined where none was shown; 'false' when the message is not the one the entry commits to, or
 * was not signed by a Sign key that the member ever had.
 */
export const verifyEvidence = (entry: HistoryEntry, view: RegistryView): Claim | 'false' | undefined => {
  const { evidence, leaf, usage, values, member } = entry;
  if (evidence === undefined || leaf === undefined || usage === undefined) return undefined;
  const by = values.counterparty as MemberId | undefined;
  if (by === undefined || values.message !== sha256Hex(evidence)) return 'false';
  const keys = view.member(by)?.keys.filter(({ purpose }) => purpose === 'sign') ?? [];
  const received = leaf.step === 'received';
  const signed = verifyJws(evidence, keys, received ? messageTypes.usageResponse : messageTypes.usageRequest);
  if (!signed.ok) return 'false';
  const claims = received ? parseUsageResponse(signed.value.claims) : parseUsageRequest(signed.value.claims);
  if (!claims.ok || claims.value.usage !== usage || claims.value.iss !== by) return 'false';
  const { index, leafHash } = claims.value.leaf;
  return { by, shownBy: member, usage, outcome: received ? leaf.outcome : 'ok', index, leafHash: leafHash as Hex, message: evidence };
};
