import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { ok, type Result, refuse } from '../../../domain/result.ts';
import type { Staff } from '../../../domain/staff.ts';
import { usageIdFrom } from '../../../domain/usage-id.ts';
import type { RequestRecordInput } from '../../../flows/record-query.ts';
import { requestBatch } from '../../../flows/request-batch.ts';
import { requestRecord } from '../../../flows/request-record.ts';
import { ndjsonStream, ndjsonType, readNdjson } from '../ndjson.ts';
import type { Routes } from '../options.ts';
import { sendRefusal, toProblem } from '../problem.ts';
import { Answer, Query } from '../schemas/query.ts';

const tags = ['queries'];
const query = Compile(Query);

const parseQuery = (line: Result<unknown>): Result<Query> => {
  if (!line.ok) return line;
  return query.Check(line.value) ? ok(line.value) : refuse('INPUT_INVALID', { reason: 'does not fit the schema' });
};

export const queryRoutes: Routes = (app, { modules, limits }) => {
  // The usage id is made here when the caller made none, so that a refusal can name it too.
  const input = (asked: Query, staff: Staff): RequestRecordInput & { readonly usage: NonNullable<Query['usage']> } => ({
    ...asked,
    usage: asked.usage ?? usageIdFrom(modules.randomness.bytes(16)),
    staff,
  });

  app.post(
    '/v1/queries',
    {
      config: { access: ['requester'] },
      schema: {
        tags,
        summary: 'Ask a provider for the records of one subject',
        description: 'Safe to repeat with the same `usage` after any failure: it is counted once.',
        body: Query,
        response: { 200: Answer },
      },
    },
    async (request, reply) => {
      const asked = input(request.body, request.staff);
      const answer = await requestRecord(modules, asked);
      return answer.ok ? answer.value : sendRefusal(reply, answer.refusal, { usage: asked.usage });
    },
  );

  app.post(
    '/v1/queries/batch',
    {
      config: { access: ['requester'], unbounded: true },
      schema: {
        tags,
        summary: 'Many queries as a stream',
        description:
          'One query a line in, one answer a line out, in the order in which they are ready: `{"line", "usage", "answer"}` or `{"line", "usage", "problem"}`. The last line, `{"end": true, "lines"}`, tells a whole stream from a torn one.',
        consumes: [ndjsonType],
        produces: [ndjsonType],
        response: { 200: Type.Any() },
      },
    },
    async (request, reply) => {
      const usages: (string | null)[] = [];
      async function* inputs(): AsyncGenerator<Result<RequestRecordInput>> {
        for await (const line of readNdjson(request.body as AsyncIterable<Uint8Array>, limits.bodyBytes)) {
          const parsed = parseQuery(line);
          const asked = parsed.ok ? input(parsed.value, request.staff) : undefined;
          usages.push(asked?.usage ?? null);
          yield asked === undefined ? (parsed as Extract<typeof parsed, { ok: false }>) : ok(asked);
        }
      }
      async function* answers() {
        for await (const { line, result } of requestBatch(modules, inputs())) {
          const usage = usages[line];
          yield result.ok
            ? { line, usage, answer: result.value }
            : { line, usage, problem: toProblem(result.refusal.code, result.refusal.detail) };
        }
        yield { end: true, lines: usages.length };
      }
      return reply.type(ndjsonType).send(ndjsonStream(answers()));
    },
  );
};
