import type { Ask, Authorization } from '../domain/ask.ts';
import { authorize } from '../domain/authorize.ts';
import type { CheckedOpening } from '../domain/credential.ts';
import type { Hex, MemberId } from '../domain/ids.ts';
import type { RegistryView } from '../domain/registry-view.ts';
import { ok, type Refusal, type Result, refuse } from '../domain/result.ts';
import { parseSubject, sameSubject } from '../domain/subject.ts';
import type { UsageParties, UsageRequest } from '../sealing/messages.ts';
import type { UsageFacts } from './leaf-values.ts';
import type { Modules } from './modules.ts';
import { checkAddress } from './read-message.ts';

/** One request as far as it has been read: `view` is the block that decides. */
export type Asked = {
  readonly from: MemberId;
  readonly message: string;
  readonly hash: Hex;
  readonly request: UsageRequest;
  readonly view: RegistryView;
  readonly parties: UsageParties | undefined;
  readonly opening: CheckedOpening | undefined;
};

/** The request's own life, by this clock and by block time, and the block it names. */
export const checkInTime = (modules: Modules, { from, request, view }: Asked, nowSeconds: number): Refusal | undefined => {
  const addressed = checkAddress(modules, from, request, nowSeconds);
  if (!addressed.ok) return addressed.refusal;
  if (view.block.time >= request.exp) return { code: 'MESSAGE_EXPIRED', detail: { exp: request.exp, blockTime: view.block.time } };
  const named = modules.ledger.at(request.block.number);
  return named?.block.hash === request.block.hash ? undefined : { code: 'BLOCK_MISMATCH', detail: { block: request.block.number } };
};

/** What is to be decided about it. Refuses what this protocol never serves. */
export const askOf = ({ policy, member }: Modules, { from, request, opening, view }: Asked, parties: UsageParties): Result<Ask> => {
  if (view.dataset(request.dataset)?.owner !== member) return refuse('DATASET_UNKNOWN', { dataset: request.dataset });
  // Scores and verifications have protocols of their own: this one delivers fields.
  if (request.operation !== 'raw') return refuse('OPERATION_NOT_ALLOWED', { dataset: request.dataset, operation: request.operation });
  const subject = parseSubject(parties.subject.type, parties.subject.code, view.block.time);
  if (!subject.ok) return subject;
  if (!sameSubject(subject.value, parties.subject)) return refuse('MESSAGE_MALFORMED', { path: '/subject' });
  return ok({
    consumer: from,
    dataset: request.dataset,
    fields: request.fields,
    purpose: request.purpose,
    operation: request.operation,
    subject: subject.value,
    requester: parties.requester,
    reviewer: parties.reviewer,
    grant: request.grant ?? undefined,
    consent: request.consent ?? undefined,
    opening,
    issuersAccepted: policy.acceptedIssuers,
  });
};

/** authorize() with the withdrawals in hand, which count before any block says so. */
export const authorizeHere = ({ held }: Pick<Modules, 'held'>, view: RegistryView, ask: Ask): Result<Authorization> => {
  const authorization = authorize(view, ask);
  if (!authorization.ok || authorization.value.basis !== 'consent') return authorization;
  const { id, key } = authorization.value.consent;
  return held.stops(id, key) ? refuse('CONSENT_WITHDRAWN', { consent: id }) : authorization;
};

/** What the leaf of this request commits to, as far as it could be read. */
export const factsOf = ({ from, request, hash, parties }: Asked): UsageFacts => ({
  counterparty: from,
  subject: parties?.subject,
  staff: parties?.requester,
  reviewer: parties?.reviewer,
  grant: request.grant ?? undefined,
  consent: request.consent ?? undefined,
  dataset: request.dataset,
  fields: request.fields,
  purpose: request.purpose,
  operation: request.operation,
  priceFen: undefined,
  message: hash,
});
