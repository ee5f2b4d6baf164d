import type { Refusal, Result } from '../../domain/result.ts';
import type { PeerProtocol } from '../../ports/peer.ts';
import { answersOf, type SessionRound, withAnswer } from '../../scoring/session-rounds.ts';
import { scoreTypes } from '../../sealing/score-messages.ts';
import type { Modules } from '../modules.ts';
import { judgeRound, type RoundJudgement } from './judge-round.ts';
import { keepScore, type ScorePart, type StoredScore } from './stored-score.ts';

const protocols: Readonly<Record<SessionRound, PeerProtocol>> = {
  proposals: 'score-proposals',
  commitments: 'score-commitments',
  openings: 'score-openings',
};

/** Most waits for a provider's proof, each as long as the provider waits itself. */
const mostWaits = 40;

/** The proposal to one provider: byte for byte the same whenever it is sent. */
export const proposalOf = async ({ keys, audit }: Pick<Modules, 'keys' | 'audit'>, part: ScorePart): Promise<string> => {
  const requested = await audit.recall(part.usage, 'requested');
  return keys.sign(scoreTypes.proposal, { ...part.proposal, leaf: requested?.position });
};

const messageOf = async (modules: Modules, stored: StoredScore, round: SessionRound, part: ScorePart): Promise<string> => {
  if (round === 'proposals') return proposalOf(modules, part);
  const { keys, ledger, clock, member, policy } = modules;
  const iat = Math.floor(clock.now() / 1000);
  const envelope = { v: 1, chain: ledger.chainId, iss: member, aud: part.provider, iat, exp: iat + policy.limits.requestSeconds };
  return round === 'commitments'
    ? keys.sign(scoreTypes.agreements, { ...envelope, session: stored.session, agreements: answersOf(stored.progress, 'proposals') })
    : keys.sign(scoreTypes.deals, { ...envelope, session: stored.session, deals: answersOf(stored.progress, 'commitments') });
};

type Answered = { readonly place: number; readonly text: string; readonly judgement: RoundJudgement };
type Silent = { readonly place: number; readonly refusal: Refusal };

const isSilent = (one: Answered | Silent): one is Silent => 'refusal' in one;

/** Only a signed answer counts: what a peer refuses without signing is to be asked again. */
const unsigned = (part: ScorePart, refusal: Refusal): Refusal =>
  refusal.code.startsWith('PEER_') ||
  refusal.code === 'OVERLOADED' ||
  refusal.code.startsWith('LEDGER_') ||
  refusal.code === 'RECORDS_NOT_READY'
    ? { code: refusal.code, detail: { ...refusal.detail, member: part.provider } }
    : { code: 'PEER_GARBLED', detail: { member: part.provider, reason: refusal.code } };

const askOne = async (modules: Modules, stored: StoredScore, round: SessionRound, place: number): Promise<Answered | Silent> => {
  const part = stored.parts[place]!;
  const message = await messageOf(modules, stored, round, part);
  let answer: Result<string> = await modules.peer.send(part.provider, protocols[round], message);
  for (let wait = 0; !answer.ok && answer.refusal.code === 'SCORE_PROOF_PENDING' && wait < mostWaits; wait += 1) {
    modules.scoreProgress.tell(stored.score, { event: 'proving', member: part.provider });
    answer = await modules.peer.send(part.provider, protocols[round], message);
  }
  if (!answer.ok) {
    const pending = answer.refusal.code === 'SCORE_PROOF_PENDING';
    return {
      place,
      refusal: pending ? { code: 'SCORE_PROOF_PENDING', detail: { member: part.provider } } : unsigned(part, answer.refusal),
    };
  }
  const judgement = judgeRound(modules, stored, round, part, await proposalOf(modules, part), answer.value);
  if (judgement.kind === 'garbled') return { place, refusal: judgement.refusal };
  const outcome = judgement.kind === 'refused' ? judgement.refusal.code : 'ok';
  modules.scoreProgress.tell(stored.score, { event: round, member: part.provider, outcome });
  return { place, text: answer.value, judgement };
};

/** What a round brought. `stored` holds every answer that came, durably; `refusals` are signed ends of the session; `silent` names who is to be asked again. */
export type RoundOutcome = {
  readonly stored: StoredScore;
  readonly refusals: readonly { readonly place: number; readonly text: string; readonly refusal: Refusal; readonly block: number }[];
  readonly silent: Refusal | undefined;
};

/** Asks these providers at once, each for its answer of the round. */
export const askRound = async (
  modules: Modules,
  stored: StoredScore,
  round: SessionRound,
  places: readonly number[],
): Promise<RoundOutcome> => {
  const asked = await Promise.all(places.map((place) => askOne(modules, stored, round, place)));
  const answered = asked.filter((one): one is Answered => !isSilent(one));
  let { progress } = stored;
  for (const { place, text, judgement } of answered) if (judgement.kind === 'answer') progress = withAnswer(progress, round, place, text);
  return {
    stored: progress === stored.progress ? stored : await keepScore(modules, { ...stored, progress }),
    refusals: answered.flatMap(({ place, text, judgement }) =>
      judgement.kind === 'refused' ? [{ place, text, refusal: judgement.refusal, block: judgement.claims.block.number }] : [],
    ),
    silent: asked.find(isSilent)?.refusal,
  };
};
