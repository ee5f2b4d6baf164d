import type { Authorization } from '../domain/ask.ts';
import { sha256Hex } from '../domain/hash.ts';
import type { MemberId } from '../domain/ids.ts';
import type { Refusal, Result } from '../domain/result.ts';
import { messageTypes, parseSealedJson, parseUsageParties, parseUsageRequest, sealTypes, type UsageRequest } from '../sealing/messages.ts';
import { answerServed } from './answer-served.ts';
import { type Asked, askOf, authorizeHere, checkInTime, factsOf } from './asked-usage.ts';
import { decideFresh } from './decide-fresh.ts';
import { leafValues } from './leaf-values.ts';
import { logServing } from './log-serving.ts';
import type { Modules } from './modules.ts';
import { unseal } from './open-consent.ts';
import { checkAddress, readSigned } from './read-message.ts';
import { refuseUsage } from './refuse-usage.ts';
import { encodeAttachment, parseRefused, parseServed, type ServedRecord } from './served-record.ts';

export type ServeRecordInput = { readonly from: MemberId; readonly message: string };

const form = { typ: messageTypes.usageRequest, parse: parseUsageRequest };

/**
 * The provider's side of one query (docs/protocol/peer.md): reads the request, decides by itself at its own newest final block, counts the use and logs the serving in
 * one durable write, then seals the answer. A refusal of a well-formed request is a signed, logged answer; only what can't be read, or should be tried again, comes
 * back as a refusal here. The same request again is answered from what was logged, while the authorization lives.
 */
export const serveRecord = async (modules: Modules, { from, message }: ServeRecordInput): Promise<Result<string>> => {
  const started = modules.clock.now();
  const read = readSigned(modules, from, message, form);
  if (!read.ok) return read;
  const request = read.value;
  // As if now: the expiry is judged below, after what was served before.
  const addressed = checkAddress(modules, from, request, request.iat);
  if (!addressed.ok) return addressed;
  return modules.locks.run(`serve/${request.usage}`, async () => {
    const { answer, outcome } = await serve(modules, from, message, request);
    modules.meter.usage('provider', outcome, modules.clock.now() - started);
    return answer;
  });
};

type Served = { readonly answer: Result<string>; readonly outcome: string };

const serve = async (modules: Modules, from: MemberId, message: string, request: UsageRequest): Promise<Served> => {
  const { ledger, audit, clock } = modules;
  const later = (refusal: Refusal): Served => ({ answer: { ok: false, refusal }, outcome: refusal.code });
  const known = await ledger.reached(request.block.number, modules.policy.limits.mirrorWaitMs);
  if (!known) return later({ code: 'LEDGER_BEHIND', detail: { block: request.block.number } });
  const fresh = await decideFresh(modules);
  if (!fresh.ok) return later(fresh.refusal);
  const view = fresh.value;
  const hash = sha256Hex(message);
  let asked: Asked = { from, message, hash, request, view, parties: undefined, opening: undefined };
  const no = async (refusal: Refusal): Promise<Served> => ({ answer: await refuseUsage(modules, asked, refusal), outcome: refusal.code });

  const refused = await audit.recall(request.usage, 'refused');
  const served = await audit.recall(request.usage, 'served');
  if (served?.attachment === 'erased' || refused?.attachment === 'erased') return no({ code: 'USAGE_CLOSED', detail: {} });
  const before = served === undefined ? undefined : parseServed(served.attachment);
  if (before !== undefined && (before.requestHash !== hash || before.consumer !== from)) return no({ code: 'USAGE_CONFLICT', detail: {} });
  if (before === undefined && refused !== undefined) {
    const record = parseRefused(refused.attachment);
    if (record.requestHash !== hash || record.consumer !== from) return no({ code: 'USAGE_CONFLICT', detail: {} });
    const claims = { ...record.claims, leaf: refused.position };
    return {
      answer: { ok: true, value: await modules.keys.sign(messageTypes.usageResponse, claims) },
      outcome: String(record.claims.outcome),
    };
  }

  const plaintext = await unseal(modules, request.sealed, sealTypes.usageParties, request.usage);
  const parties = plaintext.ok ? parseSealedJson(plaintext.value, parseUsageParties) : plaintext;
  if (!parties.ok) return no(parties.refusal);
  const opening = request.consent === null ? undefined : await modules.openings.find(request.consent);
  asked = { ...asked, parties: parties.value, opening };

  const inTime = before === undefined ? checkInTime(modules, asked, Math.floor(clock.now() / 1000)) : undefined;
  if (inTime !== undefined) return no(inTime);
  const ask = askOf(modules, asked, parties.value);
  if (!ask.ok) return no(ask.refusal);
  const authorization = authorizeHere(modules, view, ask.value);
  if (!authorization.ok) return no(authorization.refusal);

  if (served !== undefined && before !== undefined) {
    const answer = await answerServed(modules, asked, before, served.position);
    return answer.ok ? { answer, outcome: 'repeated' } : later(answer.refusal);
  }
  // What is on chain but not readable here yet must not be served as "no record".
  if (modules.records.schema(request.dataset, authorization.value.version.version) === undefined)
    return later({ code: 'RECORDS_NOT_READY', detail: { dataset: request.dataset, version: authorization.value.version.version } });

  const record = recordOf(asked, authorization.value);
  const appended = await logServing(modules, ask.value, authorization.value, {
    draft: {
      step: 'served',
      usage: request.usage,
      time: clock.now(),
      block: view.block.number,
      outcome: 'ok',
      consent: opening === undefined ? undefined : { id: opening.consent, historyKey: opening.historyKey },
      committed: leafValues({ ...factsOf(asked), grant: record.grant ?? undefined, priceFen: authorization.value.priceFen }),
    },
    attachment: encodeAttachment(record),
  });
  // Blocks are far apart beside a decision: this ends.
  if (appended.kind === 'moved') return serve(modules, from, message, request);
  if (appended.kind === 'refused') return no(appended.refusal);
  const answer = await answerServed(modules, asked, record, appended.position);
  return answer.ok ? { answer, outcome: 'ok' } : later(answer.refusal);
};

const recordOf = ({ from, message, hash, view }: Asked, authorization: Authorization): ServedRecord => ({
  consumer: from,
  request: message,
  requestHash: hash,
  block: view.block,
  version: authorization.version.version,
  grant: authorization.basis === 'consent' ? authorization.grant.id : null,
  consent: authorization.basis === 'consent' ? authorization.consent.id : null,
  priceFen: authorization.priceFen.toString(),
});
