import type { KeyObject } from 'node:crypto';
import type { Ask, Authorization } from '../domain/ask.ts';
import type { CheckedOpening } from '../domain/credential.ts';
import type { UsageId } from '../domain/ids.ts';
import { keysInForce } from '../domain/member-keys.ts';
import type { RegistryView } from '../domain/registry-view.ts';
import { ok, type Refusal, type Result, refuse } from '../domain/result.ts';
import { parseSubject, type SubjectRef, sameSubject } from '../domain/subject.ts';
import type { LeafDraft } from '../domain/usage-leaf.ts';
import type { AppendOutcome, LogPosition } from '../ports/audit-store.ts';
import { seal, sealEntropyLength } from '../sealing/jwe.ts';
import { sealTypes, type UsageParties, type UsageRequest } from '../sealing/messages.ts';
import { authorizeHere } from './asked-usage.ts';
import { checkApproval } from './check-approval.ts';
import { coveredFields } from './covered-fields.ts';
import { decideFresh } from './decide-fresh.ts';
import { leafValues } from './leaf-values.ts';
import type { Modules } from './modules.ts';
import type { RequestRecordInput } from './record-query.ts';
import { fingerprintOf, type RequestedRecord, type SentRecord } from './requested-record.ts';
import { factsOfSent, tagOf } from './sent-facts.ts';
import { encodeAttachment } from './served-record.ts';

/** A request that is durably logged and may go out. `privateKey` opens its answer. */
export type Begun = {
  readonly record: SentRecord;
  readonly requested: LogPosition;
  readonly privateKey: KeyObject;
  readonly subject: SubjectRef;
};

type Decision = { readonly ask: Ask; readonly opening: CheckedOpening | undefined; readonly authorization: Authorization };

/**
 * The consumer's own decision and entry (design.md §5, steps 1 to 3): authorizes at the newest final block, and logs the request, or its refusal, durably before a
 * byte leaves. Refuses with the code of the refusal, which this usage then keeps for ever; or, unlogged, with what should be tried again.
 */
export const beginUsage = async (modules: Modules, input: RequestRecordInput, usage: UsageId): Promise<Result<Begun>> => {
  const fresh = await decideFresh(modules);
  if (!fresh.ok) return fresh;
  const view = fresh.value;
  const decision = await decide(modules, view, input);
  if (!decision.ok) return logRefusal(modules, input, usage, view, decision.refusal);

  const { ask, opening, authorization } = decision.value;
  const { provider } = authorization;
  const sealKey = keysInForce(view.member(provider)?.keys ?? [], 'seal', view.block.number).at(-1);
  if (sealKey === undefined) return refuse('PEER_UNREACHABLE', { member: provider, reason: 'no seal key' });
  const parties: UsageParties = { subject: ask.subject, requester: ask.requester, reviewer: ask.reviewer, review: input.review ?? null };
  const purpose = { typ: sealTypes.usageParties, context: usage };
  const sealed = seal(sealKey.data, Buffer.from(JSON.stringify(parties), 'utf8'), purpose, modules.randomness.bytes(sealEntropyLength));
  if (!sealed.ok) return refuse('PEER_UNREACHABLE', { member: provider, reason: 'unusable seal key' });

  const { key, durable } = modules.oneTimeKeys.create(usage);
  const now = modules.clock.now();
  const iat = Math.floor(now / 1000);
  const claims: Omit<UsageRequest, 'leaf'> = {
    v: 1,
    chain: modules.ledger.chainId,
    iss: modules.member,
    aud: provider,
    iat,
    exp: iat + modules.policy.limits.requestSeconds,
    usage,
    block: { number: view.block.number, hash: view.block.hash },
    dataset: ask.dataset,
    fields: [...ask.fields],
    purpose: ask.purpose,
    operation: ask.operation,
    grant: authorization.basis === 'consent' ? authorization.grant.id : null,
    consent: authorization.basis === 'consent' ? authorization.consent.id : null,
    oneTimeKey: key.publicKey,
    sealed: sealed.value,
  };
  const record: SentRecord = {
    fingerprint: fingerprintOf(input),
    kind: 'sent',
    provider,
    reviewer: ask.reviewer,
    priceFen: authorization.priceFen.toString(),
    claims,
    signer: modules.keys.signer,
  };
  // The key is put on disk first, in the same group of writes: a logged request always has its key.
  const [appended] = await Promise.all([
    modules.audit.append({
      draft: {
        step: 'requested',
        usage,
        time: now,
        block: view.block.number,
        outcome: 'ok',
        consent: tagOf(record, opening),
        committed: leafValues(factsOfSent(record, input, ask.subject)),
      },
      counters: reviewCounter(input),
      attachment: encodeAttachment(record),
    }),
    durable,
  ]);
  if (appended.kind === 'refused') return logRefusal(modules, input, usage, view, appended.refusal);
  // Another key is on disk for it: asked again, it is taken up from there.
  if (appended.kind === 'present') return refuse('STORE_UNAVAILABLE', { usage });
  return ok({ record, requested: appended.position, privateKey: key.privateKey, subject: ask.subject });
};

const decide = async (modules: Modules, view: RegistryView, input: RequestRecordInput): Promise<Result<Decision>> => {
  const subject = parseSubject(input.subject.type, input.subject.code, view.block.time);
  if (!subject.ok) return subject;
  if (input.operation !== 'raw') return refuse('OPERATION_NOT_ALLOWED', { dataset: input.dataset, operation: input.operation });
  if (view.dataset(input.dataset)?.owner === modules.member) return refuse('DATASET_OWN', { dataset: input.dataset });
  const reviewer = await checkApproval(modules, input, subject.value);
  if (!reviewer.ok) return reviewer;
  const opening = input.consent === undefined ? undefined : await modules.openings.find(input.consent);
  const ask: Ask = {
    consumer: modules.member,
    dataset: input.dataset,
    fields: input.fields ?? coveredFields(view, modules.member, input),
    purpose: input.purpose,
    operation: input.operation,
    subject: subject.value,
    requester: input.staff.name,
    reviewer: reviewer.value,
    grant: input.grant,
    consent: input.consent,
    opening,
    issuersAccepted: null,
  };
  const authorization = authorizeHere(modules, view, ask);
  return authorization.ok ? ok({ ask, opening, authorization: authorization.value }) : authorization;
};

/** One approval, one query for each dataset (rule 15). */
const reviewCounter = ({ review, dataset }: RequestRecordInput) =>
  review === undefined
    ? []
    : [{ key: `review/${review}/${dataset}`, limit: 1, onLimit: { code: 'REVIEW_USED', detail: { review } } as const }];

/** Rule 13: a refused query is an entry too. It names no provider, since none was asked. */
const logRefusal = async (
  modules: Modules,
  input: RequestRecordInput,
  usage: UsageId,
  view: RegistryView,
  refusal: Refusal,
): Promise<Result<never>> => {
  const { audit, clock } = modules;
  const record: RequestedRecord = { fingerprint: fingerprintOf(input), kind: 'refused', refusal };
  const appended: AppendOutcome = await audit.append({
    draft: {
      step: 'requested',
      usage,
      time: clock.now(),
      block: view.block.number,
      outcome: refusal.code,
      consent: await tagOfRefused(modules, input),
      committed: leafValues({
        staff: input.staff.name,
        reviewer: undefined,
        counterparty: undefined,
        subject: input.subject,
        grant: input.grant,
        consent: input.consent,
        dataset: input.dataset,
        fields: input.fields ?? [],
        purpose: input.purpose,
        operation: input.operation,
        priceFen: undefined,
        message: undefined,
      }),
    },
    counters: [],
    attachment: encodeAttachment(record),
  });
  return { ok: false, refusal: appended.kind === 'refused' ? appended.refusal : refusal };
};

/** So that the subject finds the refusal, too; not under the consent of somebody else than was asked about. */
export const tagOfRefused = async (
  { openings }: Pick<Modules, 'openings'>,
  { consent, subject }: Pick<RequestRecordInput, 'consent' | 'subject'>,
): Promise<LeafDraft['consent']> => {
  const opening = consent === undefined ? undefined : await openings.find(consent);
  const asked = parseSubject(subject.type, subject.code);
  return opening !== undefined && asked.ok && sameSubject(opening.subject, asked.value)
    ? { id: opening.consent, historyKey: opening.historyKey }
    : undefined;
};
