import type { FastifyReply, RouteHandlerMethod } from 'fastify';
import { CallRefused } from './problem.ts';

/**
 * A handler that answers CALL_TIMEOUT when it takes longer than `ms`; what it began goes on and is found by repeating the call. Fastify's `handlerTimeout` bounds
 * the reading of the body only: it stops at the request's 'close', which Node emits once the body is read.
 */
export const withinTime = (handler: RouteHandlerMethod, ms: number): RouteHandlerMethod =>
  async function (request, reply): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new CallRefused({ code: 'CALL_TIMEOUT', detail: {} })), ms);
    });
    try {
      return await Promise.race([handler.call(this, request, reply) as unknown as Promise<FastifyReply>, late]);
    } finally {
      clearTimeout(timer);
    }
  };
