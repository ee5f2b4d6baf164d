import type { MemberId } from '../../domain/ids.ts';
import { ok, type Refusal, type Result, refuse } from '../../domain/result.ts';
import type { SessionId } from '../../domain/score-session.ts';
import { subgroupOrder } from '../../scoring/babyjubjub.ts';
import { checkShare } from '../../scoring/check-deal.ts';
import type { Share } from '../../scoring/deal-shares.ts';
import { parseScoreShare, type ScoreShare, scoreSealTypes, scoreTypes } from '../../sealing/score-messages.ts';
import type { Modules } from '../modules.ts';
import { unseal } from '../open-consent.ts';
import { readSigned } from '../read-message.ts';
import type { ReadDeal } from './read-relayed.ts';

/** `evidence` is the share as its dealer signed it: with the deal it shows to anyone who lied. */
export type SharesReceived =
  | { readonly ok: true; readonly value: readonly Share[] }
  | { readonly ok: false; readonly refusal: Refusal; readonly evidence?: string };

/** A share's scalars; undefined unless both are below the order of the subgroup. */
export const shareOf = ({ value, blinding }: Pick<ScoreShare, 'value' | 'blinding'>): Share | undefined => {
  const [v, b] = [BigInt(value), BigInt(blinding)];
  return v < subgroupOrder && b < subgroupOrder ? { value: v, blinding: b } : undefined;
};

/**
 * Opens the shares that were dealt to this member and holds each against its commitment. Refuses with SCORE_SHARE_UNREADABLE (nothing that this member can show to others)
 * or SCORE_SHARE_INVALID with the signed share as evidence; `detail.member` names the dealer.
 */
export const receiveShares = async (
  modules: Modules,
  session: SessionId,
  place: number,
  deals: readonly ReadDeal[],
): Promise<SharesReceived> => {
  const shares: Share[] = [];
  for (const { claims, deal } of deals) {
    const member = claims.iss;
    const opened = await unseal(modules, claims.shares[place]!, scoreSealTypes.share, session);
    if (!opened.ok) return refuse('SCORE_SHARE_UNREADABLE', { member, reason: opened.refusal.code });
    const text = Buffer.from(opened.value).toString('ascii');
    const read = readShare(modules, session, member, modules.member, text);
    if (!read.ok) return refuse('SCORE_SHARE_UNREADABLE', { member, reason: read.refusal.code });
    const share = shareOf(read.value);
    if (share === undefined || !checkShare(deal.shareCommitments[place]!, share).ok)
      return { ok: false, refusal: { code: 'SCORE_SHARE_INVALID', detail: { member } }, evidence: text };
    shares.push(share);
  }
  return { ok: true, value: shares };
};

/** A share as `dealer` signed it for `receiver` in this session. */
export const readShare = (
  modules: Pick<Modules, 'ledger'>,
  session: SessionId,
  dealer: MemberId,
  receiver: MemberId,
  text: string,
): Result<ScoreShare> => {
  const read = readSigned(modules, dealer, text, { typ: scoreTypes.share, parse: parseScoreShare });
  if (!read.ok) return read;
  const { iss, aud, chain, session: of } = read.value;
  const fits = iss === dealer && aud === receiver && chain === modules.ledger.chainId && of === session;
  return fits ? ok(read.value) : refuse('SCORE_MESSAGE_INVALID', { member: dealer, reason: 'session' });
};
