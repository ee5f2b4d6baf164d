import { sha256Hex } from '../../domain/hash.ts';
import type { Hex } from '../../domain/ids.ts';
import type { Groth16Proof } from '../../domain/points-proof.ts';
import { ok, type Refusal, type Result, refuse } from '../../domain/result.ts';
import { isProven } from '../../domain/score-session.ts';
import { saltFromHex } from '../../domain/subject-commitment.ts';
import { usableModel } from '../../domain/usable-model.ts';
import type { LogPosition } from '../../ports/audit-store.ts';
import type { Share } from '../../scoring/deal-shares.ts';
import { parseScoreDeals, scoreTypes } from '../../sealing/score-messages.ts';
import { countersOf } from '../count-uses.ts';
import { leafValues } from '../leaf-values.ts';
import { countedTerms } from '../log-serving.ts';
import type { Modules } from '../modules.ts';
import { readMessage } from '../read-message.ts';
import { encodeAttachment, parseServed } from '../served-record.ts';
import type { SessionMessage } from './agree-session.ts';
import { refuseSession } from './answer-session.ts';
import { askOfSession, budgetOf, factsOfSession, grantOf } from './asked-session.ts';
import { prepare } from './deal-points.ts';
import { authorizeSession, decideSession, type SessionDecision } from './decide-session.ts';
import { openingAnswer, type ServedScore } from './opening-answer.ts';
import { readDeals } from './read-relayed.ts';
import { receiveShares } from './receive-shares.ts';
import { findProof } from './stored-part.ts';
import { type TakenSession, takeSession } from './take-session.ts';

const form = { typ: scoreTypes.deals, parse: parseScoreDeals };

/**
 * Round 3 of a session at a provider: holds every deal against its commitments and every share against its own, then counts the use, spends the leak budget and logs the
 * serving in one durable write, with a last look at the authorization; only then the sums leave, sealed to the consumer. Nothing is opened after a withdrawal, and
 * nothing twice but the same.
 */
export const openSums = async (modules: Modules, { from, message }: SessionMessage): Promise<Result<string>> => {
  const started = modules.clock.now();
  const read = readMessage(modules, from, message, form);
  if (!read.ok) return read;
  const { session, deals } = read.value;
  return modules.locks.run(`score/${session}`, async () => {
    const taken = await takeSession(modules, from, session, 'openings');
    if (taken.kind === 'answer') return taken.answer;
    const answer = await open(modules, taken.taken, deals);
    modules.meter.usage('provider', answer.ok ? 'ok' : answer.refusal.code, modules.clock.now() - started);
    return answer;
  });
};

const open = async (modules: Modules, taken: TakenSession, texts: readonly string[]): Promise<Result<string>> => {
  const { asked, part, served } = taken;
  const { session, proposal } = asked;
  const no = (refusal: Refusal, evidence?: string) => refuseSession(modules, asked, refusal, evidence);
  const dealsHash = sha256Hex(texts.join('\n'));
  const before = served === undefined ? undefined : (parseServed(served.attachment) as ServedScore);
  // Other deals to the same session: whoever dealt twice would learn nothing, but no second opening exists.
  if (before !== undefined && before.deals !== dealsHash) return refuse('USAGE_CONFLICT');
  const deals = readDeals(modules, session, proposal.terms, texts);
  if (!deals.ok) return no(deals.refusal);
  const place = deals.value.findIndex(({ claims }) => claims.iss === modules.member);
  if (texts[place] !== part.dealt?.deal)
    return no({ code: 'SCORE_MESSAGE_INVALID', detail: { member: modules.member, reason: 'another deal' } });
  const shares = await receiveShares(modules, session, place, deals.value);
  if (!shares.ok) return no(shares.refusal, shares.evidence);

  if (before !== undefined && served !== undefined) return repeat(modules, taken, before, served.position, shares.value);
  const decision = await decideSession(modules, asked);
  if (!decision.ok) return no(decision.refusal);
  const proof = await proofOf(modules, taken, decision.value);
  if (!proof.ok) return proof;
  return serve(modules, taken, { shares: shares.value, proof: proof.value, decision: decision.value, deals: dealsHash });
};

/** Delivered again only while the authorization lives; versions and the budget were judged when it was served. */
const repeat = async (
  modules: Modules,
  { asked, part }: TakenSession,
  record: ServedScore,
  leaf: LogPosition,
  shares: readonly Share[],
): Promise<Result<string>> => {
  const ask = askOfSession(modules, asked);
  const authorization = ask.ok ? authorizeSession(modules, asked.view, ask.value, asked.proposal.terms) : ask;
  if (!authorization.ok) return refuseSession(modules, asked, authorization.refusal);
  const proof = await findProof(modules, asked.session);
  return openingAnswer(modules, asked, { shares, proof, reasons: part.dealt?.reasons ?? [] }, record, leaf);
};

type Sums = {
  readonly shares: readonly Share[];
  readonly proof: Groth16Proof | undefined;
  readonly decision: SessionDecision;
  readonly deals: Hex;
};

/** The proof, waited for a bounded time; begun again where a crash lost it. Refuses with SCORE_PROOF_PENDING, to be asked again. */
const proofOf = async (
  modules: Modules,
  { asked, part }: TakenSession,
  decision: SessionDecision,
): Promise<Result<Groth16Proof | undefined>> => {
  const { session, proposal } = asked;
  if (!isProven(proposal.terms.suite)) return ok(undefined);
  const stored = await findProof(modules, session);
  if (stored !== undefined) return ok(stored);
  const blinding = saltFromHex(part.dealt?.blinding ?? '');
  const prepared = blinding === undefined ? undefined : await prepare(modules, asked, decision, blinding);
  if (prepared?.ok === true) modules.proving.begin(session, part, prepared.value);
  const proof = await modules.proving.wait(session, modules.policy.limits.proofWaitMs);
  return proof === undefined ? refuse('SCORE_PROOF_PENDING', { session }) : ok(proof);
};

const serve = async (modules: Modules, { asked, part }: TakenSession, sums: Sums): Promise<Result<string>> => {
  const { audit, ledger, clock } = modules;
  const { from, message, hash, proposal, view, opening } = asked;
  const { ask, authorization } = sums.decision;
  const { terms } = proposal;
  const { dataset, version, priceFen } = authorization;
  const contribution = terms.contributions.find((one) => one.dataset === dataset.id)!;
  const record: ServedScore = {
    consumer: from,
    request: message,
    requestHash: hash,
    block: view.block,
    version: version.version,
    grant: grantOf(contribution.grant) ?? null,
    consent: terms.authorization,
    priceFen: priceFen.toString(),
    session: asked.session,
    deals: sums.deals,
  };
  const appended = await audit.append({
    draft: {
      step: 'served',
      usage: proposal.usage,
      time: clock.now(),
      block: view.block.number,
      outcome: 'ok',
      consent: opening === undefined ? undefined : { id: opening.consent, historyKey: opening.historyKey },
      committed: leafValues({ ...factsOfSession(asked, dataset.id, contribution.grant), priceFen }),
    },
    counters: [...countersOf(authorization), budgetOf(modules, from, terms, ask.subject)],
    attachment: encodeAttachment(record),
    lastCheck: () => {
      const head = ledger.head();
      const last = authorizeSession(modules, head, ask, terms);
      if (!last.ok) return last.refusal;
      const model = usableModel(head, terms.model, terms.modelVersion, terms.consumer);
      if (!model.ok) return model.refusal;
      // Terms that the count or the price rest on changed since they were decided: asked again, they are decided anew.
      const moved = countedTerms(last.value) !== countedTerms(authorization);
      return moved ? { code: 'LEDGER_BEHIND', detail: { block: head.block.number } } : undefined;
    },
  });
  if (appended.kind === 'refused') return refuseSession(modules, asked, appended.refusal);
  const { shares, proof } = sums;
  return openingAnswer(modules, asked, { shares, proof, reasons: part.dealt?.reasons ?? [] }, record, appended.position);
};
