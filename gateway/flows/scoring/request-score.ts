import { catalogue } from '../../domain/errors.ts';
import type { UsageId } from '../../domain/ids.ts';
import { ok, type Refusal, type Result, refuse } from '../../domain/result.ts';
import { usageIdFrom } from '../../domain/usage-id.ts';
import { answersOf, nextStep } from '../../scoring/session-rounds.ts';
import type { Modules } from '../modules.ts';
import { askRound, type RoundOutcome } from './ask-round.ts';
import { beginSession, logRequests } from './begin-session.ts';
import { culpritOf, finishSession } from './finish-session.ts';
import { dealsOf, openingsOf } from './judge-round.ts';
import { type RequestScoreInput, type RequestScoreOutput, scoreFingerprint } from './score-query.ts';
import { settlePart } from './settle-part.ts';
import { findScore, keepScore, type ScoreFailure, type StoredScore } from './stored-score.ts';

/**
 * One joint score, at the consumer (docs/protocol/score.md): plans and signs the session, logs it, relays the three rounds, checks everything and keeps the certificate.
 * Safe to repeat with the same score id after any failure: it goes on where it was, is counted once by each provider and gives the same result. Every refusal names the
 * score in `detail.score`; one of kind `retry` leaves the session open, any other is its end, with `detail.member` naming who is to blame where somebody is.
 */
export const requestScore = (modules: Modules, input: RequestScoreInput): Promise<Result<RequestScoreOutput>> => {
  const score = input.score ?? usageIdFrom(modules.randomness.bytes(16));
  return modules.locks.run(`score-request/${score}`, async () => {
    const result = await request(modules, input, score);
    const outcome = result.ok ? 'ok' : result.refusal.code;
    modules.scoreProgress.tell(score, { event: result.ok || catalogue[result.refusal.code].kind !== 'retry' ? 'end' : 'waiting', outcome });
    return result.ok ? result : refuse(result.refusal.code, { ...result.refusal.detail, score });
  });
};

type OwnRefusal = { readonly kind: 'refused'; readonly fingerprint: string; readonly refusal: Refusal };

const request = async (modules: Modules, input: RequestScoreInput, score: UsageId): Promise<Result<RequestScoreOutput>> => {
  const known = await findScore(modules, score);
  if (known !== undefined) return known.fingerprint === scoreFingerprint(input) ? goOn(modules, known) : refuse('USAGE_CONFLICT');
  const own = await modules.audit.recall(score, 'requested');
  if (own !== undefined) {
    if (own.attachment === 'erased' || own.attachment === undefined) return refuse('USAGE_CLOSED');
    const record = JSON.parse(Buffer.from(own.attachment).toString('utf8')) as OwnRefusal;
    const same = record.kind === 'refused' && record.fingerprint === scoreFingerprint(input);
    return same ? { ok: false, refusal: record.refusal } : refuse('USAGE_CONFLICT');
  }
  const begun = await beginSession(modules, input, score);
  return begun.ok ? goOn(modules, begun.value) : begun;
};

const goOn = async (modules: Modules, begun: StoredScore): Promise<Result<RequestScoreOutput>> => {
  if (begun.certificate !== undefined) return ok(presentStored(begun));
  if (begun.failure !== undefined) return { ok: false, refusal: begun.failure.refusal };
  const unlogged = await logRequests(modules, begun);
  if (unlogged !== undefined) return fail(modules, begun, { refusal: unlogged, evidence: [] });
  let stored = begun;
  for (let step = nextStep(stored.progress); step.kind === 'ask'; step = nextStep(stored.progress)) {
    const outcome = await askRound(modules, stored, step.round, step.places);
    stored = outcome.stored;
    if (outcome.refusals.length > 0) return endRefused(modules, outcome);
    if (outcome.silent !== undefined) return { ok: false, refusal: outcome.silent };
    const deals = step.round === 'commitments' ? dealsOf(modules, stored) : undefined;
    if (deals?.ok === false)
      return fail(modules, stored, { refusal: deals.refusal, evidence: answersOf(stored.progress, 'commitments') ?? [] });
  }
  return finish(modules, stored);
};

/** Signed refusals end the session. Nothing more is sent, so no share that is not open yet ever will be. */
const endRefused = async (modules: Modules, { stored, refusals }: RoundOutcome): Promise<Result<never>> => {
  for (const { place, text, refusal, block } of refusals) {
    const unlogged = await settlePart(modules, stored, {
      part: stored.parts[place]!,
      answer: text,
      block,
      outcome: refusal.code,
      served: false,
    });
    if (unlogged !== undefined) return { ok: false, refusal: unlogged };
  }
  const served = await settleServed(modules, stored, undefined);
  if (served !== undefined) return { ok: false, refusal: served };
  return fail(modules, stored, { refusal: refusals[0]!.refusal, evidence: refusals.map(({ text }) => text) });
};

/** What was opened was served, whatever came of the session: it is logged as received and acknowledged. `blamed` is the refusal of whoever lied. */
const settleServed = async (modules: Modules, stored: StoredScore, blamed: Refusal | undefined): Promise<Refusal | undefined> => {
  for (const [place, answer] of stored.progress.openings.entries()) {
    if (answer === null) continue;
    const part = stored.parts[place]!;
    const read = openingsOf(modules, { ...stored, parts: [part], progress: { ...stored.progress, openings: [answer] } });
    const block = read.ok ? read.value[0]!.block.number : stored.terms.blockNumber;
    const outcome = blamed !== undefined && culpritOf(blamed) === part.provider ? blamed.code : 'ok';
    const unlogged = await settlePart(modules, stored, { part, answer, block, outcome, served: true });
    if (unlogged !== undefined) return unlogged;
  }
  return undefined;
};

const finish = async (modules: Modules, stored: StoredScore): Promise<Result<RequestScoreOutput>> => {
  const finished = await finishSession(modules, stored);
  if (!finished.ok && catalogue[finished.refusal.code].kind === 'retry') return finished;
  const unlogged = await settleServed(modules, stored, finished.ok ? undefined : finished.refusal);
  if (unlogged !== undefined) return { ok: false, refusal: unlogged };
  if (!finished.ok) return fail(modules, stored, { refusal: finished.refusal, evidence: answersOf(stored.progress, 'openings') ?? [] });
  await keepScore(modules, finished.value);
  modules.oneTimeKeys.answered(stored.score);
  return ok(presentStored(finished.value));
};

/** The end of a session without a score. What should be tried again is no end. */
const fail = async (modules: Modules, stored: StoredScore, failure: ScoreFailure): Promise<Result<never>> => {
  if (catalogue[failure.refusal.code].kind !== 'retry') await keepScore(modules, { ...stored, failure });
  return { ok: false, refusal: failure.refusal };
};

const presentStored = ({ score, session, terms, parts, certificate }: StoredScore): RequestScoreOutput => {
  const signed = certificate!;
  const { result, proofs } = signed.certificate;
  return {
    score,
    session,
    outcome: 'ok',
    model: terms.model,
    modelVersion: terms.modelVersion,
    result: result as RequestScoreOutput['result'],
    providers: parts.map(({ provider }) => provider),
    proofs,
    certificate: signed,
  };
};
