import type { FastifyReply, FastifyRequest, onRequestHookHandler, RouteHandlerMethod } from 'fastify';
import { CallRefused, sendRefusal } from './problem.ts';

const late = { code: 'CALL_TIMEOUT', detail: {} } as const;

/**
 * A hook that answers CALL_TIMEOUT when the body has not come after `ms`: Node emits the request's 'close' once it is read. Fastify's `handlerTimeout` does no more,
 * and makes and aborts a signal, an error with a stack trace, for every call.
 */
export const bodyWithin =
  (ms: number): onRequestHookHandler =>
  (request: FastifyRequest, reply: FastifyReply, done): void => {
    const timer = setTimeout(() => sendRefusal(reply, late), ms);
    request.raw.once('close', () => clearTimeout(timer));
    done();
  };

/** A handler that answers CALL_TIMEOUT when it takes longer than `ms`; what it began goes on and is found by repeating the call. */
export const withinTime = (handler: RouteHandlerMethod, ms: number): RouteHandlerMethod =>
  async function (request, reply): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    const end = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new CallRefused(late)), ms);
    });
    try {
      return await Promise.race([handler.call(this, request, reply) as unknown as Promise<FastifyReply>, end]);
    } finally {
      clearTimeout(timer);
    }
  };
