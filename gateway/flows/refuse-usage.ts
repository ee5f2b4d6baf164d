import { catalogue } from '../domain/errors.ts';
import type { Refusal, Result } from '../domain/result.ts';
import { messageTypes } from '../sealing/messages.ts';
import { answerClaims } from './answer-claims.ts';
import { type Asked, factsOf } from './asked-usage.ts';
import { leafValues } from './leaf-values.ts';
import type { Modules } from './modules.ts';
import { encodeAttachment, type RefusedRecord } from './served-record.ts';

/**
 * Answers a well-formed request with a signed refusal, logged before it leaves (rule 13). What should be tried again, and faults of this side, are no decision:
 * they come back as they are, unsigned and unlogged.
 */
export const refuseUsage = async (modules: Modules, asked: Asked, refusal: Refusal): Promise<Result<string>> => {
  const { kind } = catalogue[refusal.code];
  if (kind === 'retry' || kind === 'fault') return { ok: false, refusal };
  const { audit, clock, keys } = modules;
  const { request, view, opening } = asked;
  const claims = {
    ...answerClaims(modules, asked, view.block),
    outcome: refusal.code,
    detail: refusal.detail,
    version: null,
    priceFen: '0',
    payload: null,
  };
  const record: RefusedRecord = { consumer: asked.from, request: asked.message, requestHash: asked.hash, claims };
  const appended = await audit.append({
    draft: {
      step: 'refused',
      usage: request.usage,
      time: clock.now(),
      block: view.block.number,
      outcome: refusal.code,
      consent: opening === undefined ? undefined : { id: opening.consent, historyKey: opening.historyKey },
      committed: leafValues(factsOf(asked)),
    },
    counters: [],
    attachment: encodeAttachment(record),
  });
  if (appended.kind === 'refused') return { ok: false, refusal: appended.refusal };
  // 'present': this usage was refused before, and its entry stands; the answer to this message is signed all the same.
  return { ok: true, value: await keys.sign(messageTypes.usageResponse, { ...claims, leaf: appended.position }) };
};
