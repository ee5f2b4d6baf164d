import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { catalogue, type ErrorCode, XinshuError } from '../../domain/errors.ts';
import type { Refusal } from '../../domain/result.ts';

export const Problem = Type.Object(
  {
    type: Type.String({ description: 'urn:xinshu:problem: and the code in lower case (RFC 9457 §3.1.1)' }),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: "A code of the gateway's error catalogue" }),
    detail: Type.String(),
    detailZh: Type.String(),
    facts: Type.Record(Type.String(), Type.Unknown(), { description: 'What a program needs to react; never personal data' }),
  },
  { $id: 'Problem', title: 'Problem', description: 'Problem details, RFC 9457' },
);
export type Problem = Type.Static<typeof Problem>;

/** Every retryable answer says when to try again (RFC 9110 §10.2.3), in seconds. */
const retryAfter = '1';

export const toProblem = (code: ErrorCode, facts: Readonly<Record<string, unknown>>): Problem => {
  const { status, en, zh } = catalogue[code];
  return { type: `urn:xinshu:problem:${code.toLowerCase()}`, title: code, status, code, detail: en, detailZh: zh, facts };
};

/** Answers with the problem of this refusal; `more` are facts beside the refusal's own, such as the usage id. */
export const sendRefusal = (reply: FastifyReply, refusal: Refusal, more: Readonly<Record<string, unknown>> = {}): FastifyReply => {
  // A handler that was late has been answered for.
  if (reply.sent) return reply;
  const problem = toProblem(refusal.code, { ...refusal.detail, ...more });
  if (catalogue[refusal.code].kind === 'retry' && !reply.hasHeader('retry-after')) reply.header('retry-after', retryAfter);
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
};

type Fault = { readonly instancePath?: string; readonly message?: string };

/** Where and what, never the value itself: it may be a subject's. */
const faultsOf = (error: FastifyError): string[] =>
  ((error.validation ?? []) as readonly Fault[])
    .slice(0, 20)
    .map((fault) => `${error.validationContext ?? 'input'}${fault.instancePath ?? ''}: ${fault.message ?? 'invalid'}`);

const byFastifyCode: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'MEDIA_TYPE_UNSUPPORTED',
  FST_ERR_CTP_EMPTY_TYPE: 'MEDIA_TYPE_UNSUPPORTED',
};

/** Thrown by a hook to refuse the call; the error handler turns it into its problem. */
export class CallRefused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

const answerError = (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  if (error instanceof CallRefused) return sendRefusal(reply, error.refusal);
  if (error.validation !== undefined) return sendRefusal(reply, { code: 'INPUT_INVALID', detail: {} }, { faults: faultsOf(error) });
  const known = byFastifyCode[error.code];
  if (known !== undefined) return sendRefusal(reply, { code: known, detail: {} });
  // A body that is no JSON, a length that does not fit, an encoding error in the address: Fastify's 4xx, whose messages hold nothing of the body.
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return sendRefusal(reply, { code: 'INPUT_INVALID', detail: {} }, { faults: [error.code ?? 'syntax'] });
  if (error instanceof XinshuError && catalogue[error.code].kind !== 'fault')
    return sendRefusal(reply, { code: error.code, detail: error.detail });
  // The message of an unexpected error may hold a subject's data: only its kind and place are logged, nothing of it is answered.
  request.log.error(
    { error: error.name, code: error.code, stack: error.stack?.split('\n').filter((line) => line.startsWith('    at ')) },
    'call failed',
  );
  return sendRefusal(reply, { code: 'INTERNAL', detail: {} }, { id: request.id });
};

export const answerProblems = (app: FastifyInstance): void => {
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((_request, reply) => sendRefusal(reply, { code: 'ROUTE_UNKNOWN', detail: {} }));
};
