import type { Ask, Authorization } from '../../domain/ask.ts';
import { type PossibleContribution, possibleContributions } from '../../domain/check-terms.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import { ok, type Result, refuse } from '../../domain/result.ts';
import { reviewedFrom } from '../../domain/review.ts';
import type { SessionTerms } from '../../domain/score-session.ts';
import { parseSubject, type SubjectRef } from '../../domain/subject.ts';
import { usableModel } from '../../domain/usable-model.ts';
import { checkApproval } from '../check-approval.ts';
import { coveredFields } from '../covered-fields.ts';
import type { Modules } from '../modules.ts';
import type { RequestRecordInput } from '../record-query.ts';
import { noGrant } from './asked-session.ts';
import { authorizeSession, checkSuite } from './decide-session.ts';
import { publicModel } from './model-of-session.ts';
import { noVerifier, verifierOf } from './score-domain.ts';
import type { RequestScoreInput } from './score-query.ts';

export type PlannedPart = {
  readonly contribution: PossibleContribution;
  readonly ask: Ask;
  readonly authorization: Authorization;
};
export type PlannedSession = { readonly subject: SubjectRef; readonly terms: SessionTerms; readonly parts: readonly PlannedPart[] };

/** What is asked of one dataset, as the flows of a query know it. */
const queryOf = (view: RegistryView, input: RequestScoreInput, dataset: PossibleContribution['dataset']): RequestRecordInput => ({
  subject: input.subject,
  dataset,
  purpose: input.purpose,
  operation: 'score',
  consent: input.consent,
  ...(input.review !== undefined && (view.dataset(dataset)?.grade ?? 1) >= reviewedFrom ? { review: input.review } : {}),
  staff: input.staff,
});

const planPart = async (
  modules: Modules,
  view: RegistryView,
  input: RequestScoreInput,
  subject: SubjectRef,
  contribution: PossibleContribution,
  terms: Pick<SessionTerms, 'authorization'>,
): Promise<Result<PlannedPart>> => {
  const query = queryOf(view, input, contribution.dataset);
  const reviewer = await checkApproval(modules, query, subject);
  if (!reviewer.ok) return reviewer;
  const ask: Ask = {
    consumer: modules.member,
    dataset: contribution.dataset,
    fields: coveredFields(view, modules.member, query),
    purpose: input.purpose,
    operation: 'score',
    subject,
    requester: input.staff.name,
    reviewer: reviewer.value,
    consent: input.consent,
    opening: await modules.openings.find(input.consent),
    issuersAccepted: null,
  };
  const authorization = authorizeSession(modules, view, ask, terms);
  return authorization.ok ? ok({ contribution, ask, authorization: authorization.value }) : authorization;
};

/**
 * The consumer's own decision on a session at the view's block: the model, every contribution, every authorization; and the terms that all are to sign. `oneTimeKey` and
 * `nonce` are fresh.
 */
export const planSession = async (
  modules: Modules,
  view: RegistryView,
  input: RequestScoreInput,
  { oneTimeKey, nonce }: Pick<SessionTerms, 'oneTimeKey' | 'nonce'>,
): Promise<Result<PlannedSession>> => {
  const subject = parseSubject(input.subject.type, input.subject.code, view.block.time);
  if (!subject.ok) return subject;
  const model = usableModel(view, input.model, input.modelVersion, modules.member);
  if (!model.ok) return model;
  const document = await publicModel(modules, model.value);
  if (!document.ok) return document;
  const possible = possibleContributions(view, model.value, modules.member);
  if (!possible.ok) return possible;
  const consent = view.consent(input.consent);
  if (consent === undefined) return refuse('CONSENT_UNKNOWN', { consent: input.consent });
  const parts: PlannedPart[] = [];
  for (const contribution of possible.value) {
    const part = await planPart(modules, view, input, subject.value, contribution, { authorization: consent.id });
    if (!part.ok) return part;
    parts.push(part.value);
  }
  const terms: SessionTerms = {
    ...suiteOf(modules, input),
    consumer: modules.member,
    oneTimeKey,
    subject: consent.subject,
    authorization: consent.id,
    model: input.model,
    modelVersion: input.modelVersion,
    contributions: parts.map(({ contribution: { dataset, version, root }, authorization }) => ({
      dataset,
      version,
      grant: authorization.basis === 'consent' ? authorization.grant.id : noGrant,
      root,
    })),
    epoch: possible.value[0]!.epoch,
    blockNumber: view.block.number,
    blockHash: view.block.hash,
    nonce,
  };
  const suite = checkSuite(modules, view, terms);
  return suite.ok ? ok({ subject: subject.value, terms, parts }) : suite;
};

const suiteOf = (
  modules: Modules,
  { unproven = false }: RequestScoreInput,
): Pick<SessionTerms, 'suite' | 'verifier' | 'verificationKey'> =>
  unproven
    ? { suite: 'xinshu-score-1-unproven', ...noVerifier }
    : {
        suite: 'xinshu-score-1',
        verifier: verifierOf(modules),
        verificationKey: modules.prover?.verificationKey ?? noVerifier.verificationKey,
      };
