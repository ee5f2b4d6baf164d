import { catalogue, type ErrorCode } from '../../domain/errors.ts';
import { sha256Hex } from '../../domain/hash.ts';
import { ok, type Refusal, type Result, refuse } from '../../domain/result.ts';
import { checkShare } from '../../scoring/check-deal.ts';
import { answersOf, type SessionRound } from '../../scoring/session-rounds.ts';
import {
  parseScoreAgreement,
  parseScoreDeal,
  parseScoreOpening,
  parseScoreRefusal,
  type ScoreOpening,
  type ScoreRefusal,
  scoreTypes,
} from '../../sealing/score-messages.ts';
import type { Modules } from '../modules.ts';
import { checkAddress, type MessageForm, readSigned } from '../read-message.ts';
import { type ReadDeal, readDeals } from './read-relayed.ts';
import { readShare, shareOf } from './receive-shares.ts';
import type { ScorePart, StoredScore } from './stored-score.ts';

/** `answer` counts for the round; `refused` is the provider's signed end of the session; `garbled` is no answer at all, to be asked for again. */
export type RoundJudgement =
  | { readonly kind: 'answer' }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly claims: ScoreRefusal }
  | { readonly kind: 'garbled'; readonly refusal: Refusal };

type Common = Pick<ScoreRefusal, 'iss' | 'aud' | 'chain' | 'iat' | 'exp' | 'session' | 'usage' | 'request' | 'block'>;
const forms: Readonly<Record<SessionRound, MessageForm<Common>>> = {
  proposals: { typ: scoreTypes.agreement, parse: parseScoreAgreement },
  commitments: { typ: scoreTypes.deal, parse: parseScoreDeal },
  openings: { typ: scoreTypes.opening, parse: parseScoreOpening },
};
const refusalForm = { typ: scoreTypes.refusal, parse: parseScoreRefusal };

/** What a signed answer must be about, or the name of what it is not. */
const mismatch = (stored: StoredScore, part: ScorePart, requestHash: string, answer: Common): string | undefined => {
  if (answer.session !== stored.session) return 'session';
  if (answer.usage !== part.usage) return 'usage';
  if (answer.request !== requestHash) return 'request';
  // A block before the one the terms name would be a decision on older law.
  return answer.block.number < stored.terms.blockNumber ? 'block' : undefined;
};

/** Judges what one provider answered in a round: signature, form, and that it is this session's. Deals and openings are judged together, when all are there. */
export const judgeRound = (
  modules: Modules,
  stored: StoredScore,
  round: SessionRound,
  part: ScorePart,
  proposal: string,
  text: string,
): RoundJudgement => {
  const garbled = (reason: string): RoundJudgement => ({
    kind: 'garbled',
    refusal: { code: 'PEER_GARBLED', detail: { member: part.provider, reason } },
  });
  const read = readSigned(modules, part.provider, text, forms[round]);
  const refusal = read.ok ? undefined : readSigned(modules, part.provider, text, refusalForm);
  const answer = read.ok ? read : refusal;
  if (answer === undefined || !answer.ok) return garbled(read.ok ? 'form' : read.refusal.code);
  const addressed = checkAddress(modules, part.provider, answer.value, answer.value.iat);
  if (!addressed.ok) return garbled(addressed.refusal.code);
  const wrong = mismatch(stored, part, sha256Hex(proposal), answer.value);
  if (wrong !== undefined) return garbled(wrong);
  if (refusal?.ok !== true) return { kind: 'answer' };
  return { kind: 'refused', refusal: judgeRefusal(modules, stored, part, refusal.value), claims: refusal.value };
};

/** A refusal as it counts here: `detail.provider` gave it; an accusation is held against what the accused signed. */
const judgeRefusal = (modules: Modules, stored: StoredScore, part: ScorePart, { outcome, detail, evidence }: ScoreRefusal): Refusal => {
  const known = Object.hasOwn(catalogue, outcome) && catalogue[outcome as ErrorCode].kind !== 'retry';
  if (!known) return { code: 'ANSWER_MISMATCH', detail: { what: 'outcome', member: part.provider } };
  const refusal: Refusal = { code: outcome as ErrorCode, detail: { ...(detail as Refusal['detail']), provider: part.provider } };
  if (outcome !== 'SCORE_SHARE_INVALID') return refusal;
  return isAccusationTrue(modules, stored, part, String(detail.member), evidence)
    ? refusal
    : { code: 'SCORE_ACCUSATION_FALSE', detail: { member: part.provider } };
};

const isAccusationTrue = (modules: Modules, stored: StoredScore, accuser: ScorePart, accused: string, evidence: string | null): boolean => {
  const dealer = stored.parts.find(({ provider }) => provider === accused)?.provider;
  const deals = dealsOf(modules, stored);
  if (dealer === undefined || evidence === null || !deals.ok) return false;
  const share = readShare(modules, stored.session, dealer, accuser.provider, evidence);
  const deal = deals.value.find(({ claims }) => claims.iss === dealer);
  if (!share.ok || deal === undefined) return false;
  const value = shareOf(share.value);
  return value === undefined || !checkShare(deal.deal.shareCommitments[stored.parts.indexOf(accuser)]!, value).ok;
};

/** All deals of the session, held against their commitments. Refuses as `readDeals`; `detail.member` names who dealt wrongly. */
export const dealsOf = (modules: Pick<Modules, 'ledger'>, stored: StoredScore): Result<readonly ReadDeal[]> =>
  readDeals(modules, stored.session, stored.terms, answersOf(stored.progress, 'commitments') ?? []);

/** What each provider opened, as it was judged when it came. */
export const openingsOf = (modules: Pick<Modules, 'ledger'>, stored: StoredScore): Result<readonly ScoreOpening[]> => {
  const openings: ScoreOpening[] = [];
  for (const [place, text] of (answersOf(stored.progress, 'openings') ?? []).entries()) {
    const { provider } = stored.parts[place]!;
    const read = readSigned(modules, provider, text, { typ: scoreTypes.opening, parse: parseScoreOpening });
    if (!read.ok) return refuse('SCORE_MESSAGE_INVALID', { member: provider, reason: read.refusal.code });
    openings.push(read.value);
  }
  return ok(openings);
};
