import { sha256Hex } from '../domain/hash.ts';
import type { Refusal, Result } from '../domain/result.ts';
import type { SubjectRef } from '../domain/subject.ts';
import type { LogPosition } from '../ports/audit-store.ts';
import type { Judgement } from './judge-answer.ts';
import { leafValues } from './leaf-values.ts';
import type { Modules } from './modules.ts';
import type { RequestRecordInput } from './record-query.ts';
import type { SentRecord } from './requested-record.ts';
import { factsOfSent, tagOf } from './sent-facts.ts';

type Settled = Extract<Judgement, { readonly settled: true }>;

/**
 * Logs what came of a usage durably, the provider's signed answer beside it as evidence, and sees to it that a served one is acknowledged however often this process
 * or the provider fails. Resolves with the place of the `received` leaf.
 */
export const settleUsage = async (
  modules: Modules,
  record: SentRecord,
  input: RequestRecordInput,
  subject: SubjectRef,
  answer: string,
  { response, result }: Settled,
): Promise<Result<LogPosition>> => {
  const { audit, clock, outbox, openings, oneTimeKeys } = modules;
  const { usage, consent } = record.claims;
  const opening = consent === null ? undefined : await openings.find(consent);
  const hash = sha256Hex(answer);
  const outcome = result.ok ? 'ok' : result.refusal.code;
  // On disk before the leaf, begun after it: a receipt is never lost, and never sent for what isn't logged.
  const receipt =
    response.outcome === 'ok'
      ? outbox.prepare({ kind: 'acknowledgement', to: record.provider, usage, response: hash, verdict: outcome })
      : undefined;
  const [appended] = await Promise.all([
    audit.append({
      draft: {
        step: 'received',
        usage,
        time: clock.now(),
        block: response.block.number,
        outcome,
        consent: tagOf(record, opening),
        committed: leafValues({ ...factsOfSent(record, input, subject), message: hash }),
      },
      counters: [],
      attachment: Buffer.from(answer, 'ascii'),
    }),
    receipt?.durable,
  ]);
  if (appended.kind === 'refused') return { ok: false, refusal: appended.refusal satisfies Refusal };
  receipt?.release();
  oneTimeKeys.answered(usage);
  return { ok: true, value: appended.position };
};
