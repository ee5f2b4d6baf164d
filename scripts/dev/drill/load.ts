import { setTimeout as delay } from 'node:timers/promises';
import { catalogue, type ErrorCode } from '../../../gateway/domain/errors.ts';
import { usageIdFrom } from '../../../gateway/domain/usage-id.ts';
import type { Random } from '../../generate/random.ts';
import { asked, type ConsentedNetwork, type DrillSubject, purpose } from './consented-network.ts';
import type { Delivered, Moment, Refused } from './violations.ts';

export type Load = {
  readonly delivered: Delivered[];
  readonly refused: Refused[];
  readonly unanswered: string[];
  /** Calls that failed and were made again, by reason. */
  readonly retries: Map<string, number>;
  now(): Moment;
  /** Starts nothing new, and resolves when all that is under way has got its answer or was given up. */
  finish(): Promise<void>;
};

type Query = {
  readonly usage: string;
  readonly subject: DrillSubject;
  readonly dataset: string;
  readonly provider: string;
  readonly fields: readonly string[];
};
type Reply =
  | { readonly kind: 'delivered'; readonly response: string }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'again'; readonly reason: string };

const lanes = 12;
const callMs = 20_000;
/** How long one usage is asked again and again after the last kill. */
const patienceMs = 120_000;
const pauseMs = 400;

export const send = async ({ client, token }: ConsentedNetwork, { usage, subject, dataset, fields }: Query): Promise<Reply> => {
  const body = JSON.stringify({ usage, subject: subject.subject, dataset, fields, purpose, operation: 'raw', consent: subject.consent });
  try {
    const answer = await fetch(`${client}/v1/queries`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body,
      signal: AbortSignal.timeout(callMs),
    });
    const value = (await answer.json()) as { code?: ErrorCode; receipt?: { response: string } };
    if (answer.ok && value.receipt !== undefined) return { kind: 'delivered', response: value.receipt.response };
    const code = value.code ?? `HTTP ${answer.status}`;
    const kind = value.code === undefined ? undefined : catalogue[value.code]?.kind;
    return kind === 'retry' ? { kind: 'again', reason: code } : { kind: 'refused', code };
  } catch (error) {
    // The gateway was killed, or is not up again: nobody knows what became of the call.
    return { kind: 'again', reason: error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'connection lost' };
  }
};

/** Parallel systems of the bank, each asking one query after the other; whatever fails is asked again under the same usage id until something final is heard. */
export const startLoad = (target: ConsentedNetwork, random: Random): Load => {
  const delivered: Delivered[] = [];
  const refused: Refused[] = [];
  const unanswered: string[] = [];
  const retries = new Map<string, number>();
  const over = new Set<string>();
  let moment = 0;
  let finishedAt: number | undefined;
  const now = (): Moment => ++moment;

  const settle = async (query: Query, repeat: boolean): Promise<void> => {
    const facts = { usage: query.usage, consent: query.subject.consent, dataset: query.dataset };
    for (;;) {
      const begun = now();
      const reply = await send(target, query);
      if (reply.kind === 'delivered') {
        delivered.push({ ...facts, provider: query.provider, response: reply.response, asked: begun });
        return;
      }
      if (reply.kind === 'refused') {
        refused.push({ ...facts, code: reply.code, repeat });
        if (!repeat) over.add(`${facts.consent}/${facts.dataset}`);
        return;
      }
      retries.set(reply.reason, (retries.get(reply.reason) ?? 0) + 1);
      if (finishedAt !== undefined && performance.now() - finishedAt > patienceMs) {
        unanswered.push(query.usage);
        return;
      }
      await delay(random.int(50, 500));
    }
  };

  const fresh = (): Query => {
    const usage = usageIdFrom(Uint8Array.from({ length: 16 }, () => random.int(0, 255)));
    const subject = random.pick(target.subjects);
    return { usage, subject, ...random.pick(asked) };
  };

  const lane = async (): Promise<void> => {
    const answered: Query[] = [];
    while (finishedAt === undefined) {
      const before = answered.at(-1);
      if (before !== undefined && random.chance(0.1)) {
        await settle(before, true);
      } else {
        const query = fresh();
        // Where all is refused anyway, an attempt now and then is enough.
        if (over.has(`${query.subject.consent}/${query.dataset}`) && !random.chance(0.1)) continue;
        const count = delivered.length;
        // Some systems ask twice at once.
        await Promise.all(random.chance(0.05) ? [settle(query, false), settle(query, false)] : [settle(query, false)]);
        if (delivered.length > count) answered.push(query);
      }
      await delay(random.int(0, pauseMs));
    }
  };
  const running = Promise.all(Array.from({ length: lanes }, lane));
  return {
    delivered,
    refused,
    unanswered,
    retries,
    now,
    finish: async () => {
      finishedAt = performance.now();
      await running;
    },
  };
};
