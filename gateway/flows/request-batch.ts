import type { Result } from '../domain/result.ts';
import type { Modules } from './modules.ts';
import type { RequestRecordInput, RequestRecordOutput } from './record-query.ts';
import { requestRecord } from './request-record.ts';

/** One answer of a batch: `line` counts the inputs from 0. Answers come as they are ready, in any order. */
export type BatchAnswer = { readonly line: number; readonly result: Result<RequestRecordOutput> };

/**
 * Many queries as a stream: at most `limits.batchParallel` are under way, and the next input is read only when there is room, so neither side of the stream
 * is ever held in memory. An input that can't be read (a Result refused by the parser of the listener) passes through as its line's answer.
 */
export async function* requestBatch(modules: Modules, inputs: AsyncIterable<Result<RequestRecordInput>>): AsyncGenerator<BatchAnswer> {
  const source = inputs[Symbol.asyncIterator]();
  const underWay = new Map<number, Promise<BatchAnswer>>();
  let line = 0;
  let ended = false;
  try {
    while (!ended || underWay.size > 0) {
      while (!ended && underWay.size < modules.policy.limits.batchParallel) {
        const next = await source.next();
        if (next.done === true) {
          ended = true;
          break;
        }
        const at = line++;
        const input = next.value;
        underWay.set(
          at,
          (input.ok ? requestRecord(modules, input.value) : Promise.resolve(input)).then((result) => ({ line: at, result })),
        );
      }
      if (underWay.size === 0) break;
      const answer = await Promise.race(underWay.values());
      underWay.delete(answer.line);
      yield answer;
    }
  } finally {
    await source.return?.();
    await Promise.allSettled(underWay.values());
  }
}
