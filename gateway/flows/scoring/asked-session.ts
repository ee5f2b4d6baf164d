import type { Ask } from '../../domain/ask.ts';
import type { CheckedOpening } from '../../domain/credential.ts';
import type { DatasetId, GrantId, Hex, MemberId } from '../../domain/ids.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import { ok, type Result, refuse } from '../../domain/result.ts';
import type { SessionId, SessionTerms } from '../../domain/score-session.ts';
import { parseSubject, sameSubject } from '../../domain/subject.ts';
import type { Counter } from '../../ports/audit-store.ts';
import type { UsageParties } from '../../sealing/messages.ts';
import type { ScoreProposal } from '../../sealing/score-messages.ts';
import type { UsageFacts } from '../leaf-values.ts';
import type { Modules } from '../modules.ts';

/** One provider's view of a session that it is asked to take part in; `view` is the block that decides. */
export type AskedSession = {
  readonly from: MemberId;
  readonly message: string;
  readonly hash: Hex;
  readonly session: SessionId;
  readonly proposal: ScoreProposal;
  readonly view: RegistryView;
  readonly parties: UsageParties | undefined;
  readonly opening: CheckedOpening | undefined;
};

/** 32 zero bytes in the terms: an open dataset needs no grant. */
export const noGrant = `0x${'00'.repeat(32)}` as GrantId;
export const grantOf = (grant: GrantId): GrantId | undefined => (grant === noGrant ? undefined : grant);

/** Where this member's dataset stands among the contributions; undefined when none of them is its own. */
export const ownPlace = (view: RegistryView, terms: SessionTerms, member: MemberId): number | undefined => {
  const place = terms.contributions.findIndex(({ dataset }) => view.dataset(dataset)?.owner === member);
  return place < 0 ? undefined : place;
};

/** What authorize() is asked about one contribution. Refuses what is no subject. */
export const askOfSession = ({ policy, member }: Modules, asked: AskedSession): Result<Ask> => {
  const { from, proposal, view, parties, opening } = asked;
  const { terms, fields, purpose } = proposal;
  const place = ownPlace(view, terms, member);
  const contribution = place === undefined ? undefined : terms.contributions[place];
  if (contribution === undefined || parties === undefined) return refuse('SCORE_TERMS_MISMATCH', { what: 'provider' });
  const subject = parseSubject(parties.subject.type, parties.subject.code, view.block.time);
  if (!subject.ok) return subject;
  if (!sameSubject(subject.value, parties.subject)) return refuse('MESSAGE_MALFORMED', { path: '/subject' });
  return ok({
    consumer: from,
    dataset: contribution.dataset,
    fields,
    purpose,
    operation: 'score',
    subject: subject.value,
    requester: parties.requester,
    reviewer: parties.reviewer,
    grant: grantOf(contribution.grant),
    consent: terms.authorization,
    opening,
    issuersAccepted: policy.acceptedIssuers,
  });
};

/** What the leaf of this contribution commits to, as far as it could be read. */
export const factsOfSession = ({ from, proposal, hash, parties }: AskedSession, dataset: DatasetId, grant: GrantId): UsageFacts => ({
  counterparty: from,
  subject: parties?.subject,
  staff: parties?.requester,
  reviewer: parties?.reviewer,
  grant: grantOf(grant),
  consent: proposal.terms.authorization,
  dataset,
  fields: proposal.fields,
  purpose: proposal.purpose,
  operation: 'score',
  priceFen: undefined,
  message: hash,
});

/**
 * One session for a subject, consumer, model family and epoch (design.md §7): two that differ in one provider, feature, point or version could be subtracted. Counted with
 * the entry that serves, so a session taken up again is no second one.
 */
export const budgetOf = ({ keys }: Pick<Modules, 'keys'>, consumer: MemberId, terms: SessionTerms, subject: Ask['subject']): Counter => ({
  key: `score/${keys.subjectKey(subject)}/${consumer}/${terms.model}/${terms.epoch}`,
  limit: 1,
  onLimit: { code: 'SCORE_BUDGET_SPENT', detail: { model: terms.model, epoch: terms.epoch } },
});
