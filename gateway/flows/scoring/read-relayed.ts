import type { MemberId } from '../../domain/ids.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import { ok, type Result, refuse } from '../../domain/result.ts';
import { isCommitmentSigned, type SessionId, type SessionTerms } from '../../domain/score-session.ts';
import { pointFromHex } from '../../scoring/babyjubjub.ts';
import { checkDeal, type PublicDeal } from '../../scoring/check-deal.ts';
import { parseScoreAgreement, parseScoreDeal, type ScoreAgreement, type ScoreDeal, scoreTypes } from '../../sealing/score-messages.ts';
import type { Modules } from '../modules.ts';
import { type MessageForm, readSigned } from '../read-message.ts';
import { scoreDomainOf } from './score-domain.ts';

/** The members that contribute, in the order of the terms; undefined where a dataset is gone. */
export const providersOf = (view: RegistryView, terms: SessionTerms): readonly (MemberId | undefined)[] =>
  terms.contributions.map(({ dataset }) => view.dataset(dataset)?.owner);

type Answer = ScoreAgreement | ScoreDeal;
const forms = {
  agreement: { typ: scoreTypes.agreement, parse: parseScoreAgreement },
  deal: { typ: scoreTypes.deal, parse: parseScoreDeal },
};

/**
 * One provider's answer as the consumer relays it: signed by who contributes at this place, to this consumer, in this session. It has no expiry of its own: it is
 * evidence of the session, which lives as long as its authorization.
 */
const readRelayed = <T extends Answer>(
  modules: Pick<Modules, 'ledger'>,
  session: SessionId,
  terms: SessionTerms,
  from: MemberId,
  text: string,
  form: MessageForm<T>,
): Result<T> => {
  const read = readSigned(modules, from, text, form);
  if (!read.ok) return refuse('SCORE_MESSAGE_INVALID', { member: from, reason: read.refusal.code });
  const { iss, aud, chain, session: of } = read.value;
  const fits = iss === from && aud === terms.consumer && chain === modules.ledger.chainId && of === session;
  return fits ? ok(read.value) : refuse('SCORE_MESSAGE_INVALID', { member: from, reason: 'session' });
};

const readAll = <T extends Answer>(
  modules: Pick<Modules, 'ledger'>,
  session: SessionId,
  terms: SessionTerms,
  texts: readonly string[],
  form: MessageForm<T>,
): Result<readonly T[]> => {
  const providers = providersOf(modules.ledger.head(), terms);
  if (texts.length !== providers.length) return refuse('SCORE_MESSAGE_INVALID', { member: terms.consumer, reason: 'count' });
  const answers: T[] = [];
  for (const [place, text] of texts.entries()) {
    const provider = providers[place];
    if (provider === undefined) return refuse('DATASET_UNKNOWN', { dataset: terms.contributions[place]!.dataset });
    const read = readRelayed(modules, session, terms, provider, text, form);
    if (!read.ok) return read;
    answers.push(read.value);
  }
  return ok(answers);
};

export const readAgreements = (
  modules: Pick<Modules, 'ledger'>,
  session: SessionId,
  terms: SessionTerms,
  texts: readonly string[],
): Result<readonly ScoreAgreement[]> => readAll(modules, session, terms, texts, forms.agreement);

export type ReadDeal = { readonly claims: ScoreDeal; readonly deal: PublicDeal };

/**
 * Every deal of a session: signed by its provider, its commitment by the provider's account too, its points in the subgroup, its shares adding up to what it committed
 * to. Refuses with SCORE_MESSAGE_INVALID, SCORE_SIGNATURE_INVALID, SCORE_POINT_INVALID, SCORE_DEAL_INVALID; `detail.member` names who is to blame.
 */
export const readDeals = (
  modules: Pick<Modules, 'ledger'>,
  session: SessionId,
  terms: SessionTerms,
  texts: readonly string[],
): Result<readonly ReadDeal[]> => {
  const read = readAll(modules, session, terms, texts, forms.deal);
  if (!read.ok) return read;
  const view = modules.ledger.head();
  const domain = scoreDomainOf(modules);
  const deals: ReadDeal[] = [];
  for (const claims of read.value) {
    const member = claims.iss;
    const [commitment, ...shareCommitments] = [claims.commitment, ...claims.shareCommitments].map(pointFromHex);
    if (commitment === undefined || shareCommitments.some((point) => point === undefined)) return refuse('SCORE_POINT_INVALID', { member });
    const { x, y } = commitment.toAffine();
    const account = view.member(member)?.account;
    if (account === undefined || !isCommitmentSigned(domain, { session, x, y }, claims.signature, account))
      return refuse('SCORE_SIGNATURE_INVALID', { member });
    const deal = { commitment, shareCommitments: shareCommitments as PublicDeal['shareCommitments'] };
    const checked = checkDeal(deal, texts.length);
    if (!checked.ok) return refuse(checked.refusal.code, { ...checked.refusal.detail, member });
    if (claims.shares.length !== texts.length) return refuse('SCORE_DEAL_INVALID', { reason: 'number of shares', member });
    deals.push({ claims, deal });
  }
  return ok(deals);
};
