import { chinaDate } from '../domain/calendar.ts';
import { fromHex } from '../domain/hash.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { serve } from '../domain/serving-rules.ts';
import type { SubjectRef } from '../domain/subject.ts';
import type { LogPosition } from '../ports/audit-store.ts';
import { seal, sealEntropyLength } from '../sealing/jwe.ts';
import { messageTypes, sealTypes } from '../sealing/messages.ts';
import type { Payload } from '../sealing/payload.ts';
import { proveNone, proveRecords } from '../sealing/record-proof.ts';
import { answerClaims } from './answer-claims.ts';
import type { Asked } from './asked-usage.ts';
import type { Modules } from './modules.ts';
import type { ServedRecord } from './served-record.ts';

/**
 * Finds, masks, proves, seals and signs what a durable `served` entry stands for. Depends on the entry's block and version, so a repeated request gets the same
 * content again (sealed afresh). Refuses with RECORDS_NOT_READY when the version is not kept here any more.
 */
export const answerServed = async (modules: Modules, asked: Asked, served: ServedRecord, leaf: LogPosition): Promise<Result<string>> => {
  const { keys, randomness } = modules;
  const { request } = asked;
  const payload = await payloadOf(modules, asked, served);
  if (!payload.ok) return payload;
  const plaintext = Buffer.from(JSON.stringify(payload.value), 'utf8');
  const purpose = { typ: sealTypes.payload, context: request.usage };
  const sealed = seal(request.oneTimeKey, plaintext, purpose, randomness.bytes(sealEntropyLength));
  if (!sealed.ok) return sealed;
  const claims = {
    ...answerClaims(modules, asked, served.block),
    outcome: 'ok',
    detail: {},
    leaf,
    version: served.version,
    priceFen: served.priceFen,
    payload: sealed.value,
  };
  return ok(await keys.sign(messageTypes.usageResponse, claims));
};

const payloadOf = async ({ records, keys }: Modules, { request, parties }: Asked, served: ServedRecord): Promise<Result<Payload>> => {
  const { dataset, usage, fields, operation } = request;
  const { version, block } = served;
  const schema = records.schema(dataset, version);
  if (schema === undefined || parties === undefined) return refuse('RECORDS_NOT_READY', { dataset, version });
  const subject = parties.subject as SubjectRef;
  const answer = { usage, dataset, version, subject };
  const found = await records.find(dataset, version, keys.subjectKey(subject));
  if (found === undefined) return ok(proveNone(answer));
  const values = found.records.map((record) => record.values);
  const decisions = serve(schema, values, { subject, today: chinaDate(block.time), operation, fields });
  const names = schema.fields.map((field) => field.name);
  const { leafIndex, treeSize } = found;
  const tree = { leafIndex, treeSize, path: found.path.map(fromHex) };
  const committed = { records: values, secret: fromHex(found.secret), columns: fromHex(found.columns) };
  return ok(proveRecords(names, answer, { ...committed, ...tree }, decisions));
};
