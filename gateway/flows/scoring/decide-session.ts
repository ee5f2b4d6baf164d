import type { Ask, Authorization } from '../../domain/ask.ts';
import { checkTerms } from '../../domain/check-terms.ts';
import type { Model } from '../../domain/registry-state.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import { ok, type Refusal, type Result, refuse } from '../../domain/result.ts';
import { contributionUsage, isProven, isSessionSigned, type SessionTerms, sessionIdOf } from '../../domain/score-session.ts';
import type { SubjectFeatures } from '../../ports/records.ts';
import type { ScoredFeatures } from '../../scoring/score-features.ts';
import { scoreFeatures } from '../../scoring/score-features.ts';
import { authorizeHere } from '../asked-usage.ts';
import type { Modules } from '../modules.ts';
import { checkAddress } from '../read-message.ts';
import { type AskedSession, askOfSession, budgetOf } from './asked-session.ts';
import { type OwnPart, ownPart } from './model-of-session.ts';
import { noVerifier, scoreDomainOf, verifierOf } from './score-domain.ts';

/** A provider's yes: everything its contribution rests on. */
export type SessionDecision = {
  readonly ask: Ask;
  readonly authorization: Authorization;
  readonly model: Model;
  readonly own: OwnPart;
  readonly features: SubjectFeatures;
  readonly scored: ScoredFeatures;
};

/** Proofs may be left out only where the network's parameter says so; with them, both sides must mean the same circuit. */
export const checkSuite = (modules: Modules, view: RegistryView, terms: SessionTerms): Result<void> => {
  const { prover } = modules;
  if (!isProven(terms.suite)) {
    if (terms.verifier !== noVerifier.verifier || terms.verificationKey !== noVerifier.verificationKey)
      return refuse('SCORE_TERMS_MISMATCH', { what: 'verifier' });
    return view.parameter('unproven-scores') === 1 ? ok(undefined) : refuse('SCORE_PROOFS_REQUIRED');
  }
  if (prover === undefined) return refuse('SCORE_PROVER_MISSING');
  if (terms.verifier.toLowerCase() !== verifierOf(modules).toLowerCase()) return refuse('SCORE_TERMS_MISMATCH', { what: 'verifier' });
  return terms.verificationKey === prover.verificationKey ? ok(undefined) : refuse('SCORE_TERMS_MISMATCH', { what: 'verificationKey' });
};

/** The proposal's own life, by this clock and by block time: judged once, when it first comes. */
export const checkProposalInTime = (modules: Modules, { from, proposal, view }: AskedSession): Result<void> => {
  const addressed = checkAddress(modules, from, proposal, Math.floor(modules.clock.now() / 1000));
  if (!addressed.ok) return addressed;
  return view.block.time >= proposal.exp ? refuse('MESSAGE_EXPIRED', { exp: proposal.exp, blockTime: view.block.time }) : ok(undefined);
};

/** That the session is the consumer's own, as it signed it, and names a block of this chain. */
const checkProposal = (modules: Modules, { from, proposal, session, view }: AskedSession): Result<void> => {
  const { ledger } = modules;
  const { terms } = proposal;
  if (ledger.at(terms.blockNumber)?.block.hash !== terms.blockHash) return refuse('BLOCK_MISMATCH', { block: terms.blockNumber });
  const domain = scoreDomainOf(modules);
  const account = view.member(from)?.account;
  const signed = account !== undefined && isSessionSigned(domain, terms, proposal.signature, account);
  if (terms.consumer !== from || !signed) return refuse('SCORE_SIGNATURE_INVALID', { member: from });
  return sessionIdOf(domain, terms) === session ? ok(undefined) : refuse('SCORE_TERMS_MISMATCH', { what: 'session' });
};

/** The authorization of one contribution, as it stands now: asked again right before anything is opened. */
export const authorizeSession = (
  modules: Pick<Modules, 'held'>,
  view: RegistryView,
  ask: Ask,
  terms: Pick<SessionTerms, 'authorization'>,
): Result<Authorization> => {
  const authorization = authorizeHere(modules, view, ask);
  if (!authorization.ok) return authorization;
  // An open dataset is read without a consent, but a session is under the subject's, whose commitment its proofs open.
  const consent = view.consent(terms.authorization);
  if (consent?.state !== 'given' || modules.held.stops(consent.id, consent.key))
    return refuse('CONSENT_WITHDRAWN', { consent: terms.authorization });
  return authorization;
};

const missingField = (own: OwnPart, fields: readonly string[]): Refusal | undefined => {
  const field = own.fields.find((one) => !fields.includes(one));
  return field === undefined ? undefined : { code: 'SCORE_FIELD_MISSING', detail: { field } };
};

/**
 * Decides this provider's part of a session by itself, at the view's block: the proposal, the terms against the chain, the authorization of its own dataset, its part of
 * the model, the subject's features, the leak budget. Never rests on what the consumer says. Retryable: RECORDS_NOT_READY.
 */
export const decideSession = async (modules: Modules, asked: AskedSession): Promise<Result<SessionDecision>> => {
  const { proposal, view, from } = asked;
  const { terms } = proposal;
  const proposed = checkProposal(modules, asked);
  if (!proposed.ok) return proposed;
  const suite = checkSuite(modules, view, terms);
  if (!suite.ok) return suite;
  const checked = checkTerms(view, terms);
  if (!checked.ok) return checked;
  const ask = askOfSession(modules, asked);
  if (!ask.ok) return ask;
  const authorization = authorizeSession(modules, view, ask.value, terms);
  if (!authorization.ok) return authorization;
  const { dataset, version } = authorization.value;
  if (proposal.usage !== contributionUsage(asked.session, dataset.id))
    return refuse('SCORE_TERMS_MISMATCH', { what: 'usage', dataset: dataset.id });
  const schema = modules.records.schema(dataset.id, version.version);
  if (schema === undefined) return refuse('RECORDS_NOT_READY', { dataset: dataset.id, version: version.version });
  const own = await ownPart(modules, checked.value.model, dataset.id, schema);
  if (!own.ok) return own;
  const missing = missingField(own.value, proposal.fields);
  if (missing !== undefined) return { ok: false, refusal: missing };
  const budget = budgetOf(modules, from, terms, ask.value.subject);
  if (modules.audit.count(budget.key) >= budget.limit) return { ok: false, refusal: budget.onLimit };
  const features = await modules.records.features(dataset.id, version.version, modules.keys.subjectKey(ask.value.subject));
  if (features === undefined) return refuse('SCORE_SUBJECT_UNKNOWN', { dataset: dataset.id });
  const scored = scoreFeatures(own.value.part, features.codes);
  if (!scored.ok) return scored;
  return ok({
    ask: ask.value,
    authorization: authorization.value,
    model: checked.value.model,
    own: own.value,
    features,
    scored: scored.value,
  });
};
