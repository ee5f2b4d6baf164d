import type { KeyObject } from 'node:crypto';
import type { Ask } from '../domain/ask.ts';
import { sha256Hex } from '../domain/hash.ts';
import type { Hex, UsageId } from '../domain/ids.ts';
import { type Refusal, type Result, refuse } from '../domain/result.ts';
import { parseSubject, type SubjectRef } from '../domain/subject.ts';
import { usageIdFrom } from '../domain/usage-id.ts';
import type { LogPosition } from '../ports/audit-store.ts';
import { messageTypes } from '../sealing/messages.ts';
import { authorizeHere } from './asked-usage.ts';
import { beginUsage } from './begin-usage.ts';
import { decideFresh } from './decide-fresh.ts';
import { judgeAnswer } from './judge-answer.ts';
import type { Modules } from './modules.ts';
import { presentAnswer } from './present-answer.ts';
import type { RequestRecordInput, RequestRecordOutput } from './record-query.ts';
import { fingerprintOf, parseRequested, type SentRecord } from './requested-record.ts';
import { settleUsage } from './settle-usage.ts';

/**
 * The consumer's side of one query (design.md §5): decides, logs, asks the provider, checks its answer against the chain, logs what came and acknowledges. Safe to repeat
 * with the same usage id after any failure: the same request goes out byte for byte, is counted once, and its answer is delivered again while the authorization
 * lives. Every refusal names the usage in `detail.usage`; one of kind `retry` leaves the usage open, any other is its end. USAGE_CONFLICT: the id stands for
 * another query. USAGE_CLOSED: the time for delivering again is over.
 */
export const requestRecord = (modules: Modules, input: RequestRecordInput): Promise<Result<RequestRecordOutput>> => {
  const usage = input.usage ?? usageIdFrom(modules.randomness.bytes(16));
  const started = modules.clock.now();
  return modules.locks.run(`request/${usage}`, async () => {
    const result = await request(modules, input, usage);
    modules.meter.usage('consumer', result.ok ? 'ok' : result.refusal.code, modules.clock.now() - started);
    return result.ok ? result : refuse(result.refusal.code, { ...result.refusal.detail, usage });
  });
};

/** A logged request on its way: `received` and its answer are there when an earlier call got that far. */
type Open = {
  readonly record: SentRecord;
  readonly requested: LogPosition;
  readonly privateKey: KeyObject | undefined;
  readonly subject: SubjectRef;
};

const request = async (modules: Modules, input: RequestRecordInput, usage: UsageId): Promise<Result<RequestRecordOutput>> => {
  const before = await modules.audit.recall(usage, 'requested');
  if (before === undefined) {
    const begun = await beginUsage(modules, input, usage);
    return begun.ok ? ask(modules, input, begun.value) : begun;
  }
  if (before.attachment === 'erased') return refuse('USAGE_CLOSED');
  const record = parseRequested(before.attachment);
  if (record.fingerprint !== fingerprintOf(input)) return refuse('USAGE_CONFLICT');
  if (record.kind === 'refused') return { ok: false, refusal: record.refusal };
  const subject = parseSubject(input.subject.type, input.subject.code);
  if (!subject.ok) return subject;
  const open: Open = { record, requested: before.position, privateKey: await modules.oneTimeKeys.find(usage), subject: subject.value };
  const received = await modules.audit.recall(usage, 'received');
  if (received?.attachment === 'erased') return refuse('USAGE_CLOSED');
  if (received !== undefined)
    return deliverAgain(modules, input, open, Buffer.from(received.attachment ?? []).toString('ascii'), received.position);
  return open.privateKey === undefined ? refuse('USAGE_CLOSED') : ask(modules, input, open);
};

const signedRequest = async ({ keys }: Modules, { record, requested }: Open): Promise<{ readonly message: string; readonly hash: Hex }> => {
  const message = await keys.sign(messageTypes.usageRequest, { ...record.claims, leaf: requested }, record.signer);
  return { message, hash: sha256Hex(message) };
};

const ask = async (modules: Modules, input: RequestRecordInput, open: Open): Promise<Result<RequestRecordOutput>> => {
  const { record, requested, privateKey, subject } = open;
  const { provider, claims } = record;
  const { message, hash } = await signedRequest(modules, open);
  const answer = await modules.peer.send(provider, 'usages', message);
  if (!answer.ok) return stillOpen(answer.refusal);
  const nowSeconds = Math.floor(modules.clock.now() / 1000);
  const judgement = await judgeAnswer(modules, { provider, claims, requestHash: hash, subject, privateKey }, answer.value, nowSeconds);
  if (!judgement.settled) return { ok: false, refusal: judgement.refusal };
  const received = await settleUsage(modules, record, input, subject, answer.value, judgement);
  if (!received.ok) return received;
  if (!judgement.result.ok) return judgement.result;
  const receipt = { request: hash, response: sha256Hex(answer.value), requested, received: received.value };
  return { ok: true, value: presentAnswer(record, judgement.result.value, receipt) };
};

/** Only a signed answer ends a usage: what a peer refuses without signing counts as no answer. */
const stillOpen = (refusal: Refusal): Result<never> =>
  refusal.code.startsWith('PEER_') ||
  refusal.code === 'OVERLOADED' ||
  refusal.code.startsWith('LEDGER_') ||
  refusal.code === 'RECORDS_NOT_READY'
    ? { ok: false, refusal }
    : refuse('PEER_GARBLED', { reason: refusal.code });

const deliverAgain = async (
  modules: Modules,
  input: RequestRecordInput,
  open: Open,
  answer: string,
  received: LogPosition,
): Promise<Result<RequestRecordOutput>> => {
  const { record, requested, privateKey, subject } = open;
  const { provider, claims } = record;
  const { hash } = await signedRequest(modules, open);
  const judgement = await judgeAnswer(modules, { provider, claims, requestHash: hash, subject, privateKey }, answer, undefined);
  if (!judgement.settled) return { ok: false, refusal: judgement.refusal };
  if (!judgement.result.ok) return judgement.result;
  const fresh = await decideFresh(modules);
  if (!fresh.ok) return fresh;
  const living: Ask = {
    consumer: modules.member,
    dataset: claims.dataset,
    fields: claims.fields,
    purpose: claims.purpose,
    operation: claims.operation,
    subject,
    requester: input.staff.name,
    reviewer: record.reviewer,
    grant: claims.grant ?? undefined,
    consent: claims.consent ?? undefined,
    opening: claims.consent === null ? undefined : await modules.openings.find(claims.consent),
    issuersAccepted: null,
  };
  const authorization = authorizeHere(modules, fresh.value, living);
  if (!authorization.ok) return authorization;
  const receipt = { request: hash, response: sha256Hex(answer), requested, received };
  return { ok: true, value: presentAnswer(record, judgement.result.value, receipt) };
};
