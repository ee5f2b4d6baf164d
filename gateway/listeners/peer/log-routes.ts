import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { MemberId } from '../../domain/ids.ts';
import type { Refusal, Result } from '../../domain/result.ts';
import type { LogResource, LogResourceInput } from '../../flows/read-log-resource.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Meter } from '../../ports/meter.ts';
import type { Bounds, PeerQuota } from './quota.ts';

export type ReadLog = (input: LogResourceInput) => Promise<Result<LogResource>>;

export type LogRouteOptions = {
  readonly bounds: Omit<Bounds, 'name'>;
  readonly read: ReadLog;
};

type Modules = {
  readonly quota: PeerQuota;
  readonly clock: Clock;
  readonly meter: Pick<Meter, 'peerMessage'>;
  /** The member at the other end; where there is none that may ask, the connection is closed and this is undefined. */
  readonly identify: (request: FastifyRequest) => MemberId | undefined;
  readonly answerProblem: (reply: FastifyReply, refusal: Refusal) => FastifyReply;
};

const name = 'log';

/** `GET /log/<number>/…`: the own log for every active member, in the format of C2SP tlog-tiles (docs/protocol/audit-log.md). */
export const addLogRoutes = (
  app: FastifyInstance,
  { bounds, read }: LogRouteOptions,
  { quota, clock, meter, identify, answerProblem }: Modules,
): void => {
  const limits = { ...bounds, name };
  app.get<{ Params: { readonly log: string; readonly '*': string } }>('/log/:log/*', async (request, reply) => {
    const from = identify(request);
    if (from === undefined) return reply.hijack();
    reply.header('cache-control', 'no-store');
    if (!quota.enter(from, limits, clock.now())) {
      meter.peerMessage(name, 'OVERLOADED');
      return answerProblem(reply, { code: 'OVERLOADED', detail: {} });
    }
    try {
      const encodings = request.headers['accept-encoding'];
      const resource = await read({ log: request.params.log, name: request.params['*'], encodings });
      meter.peerMessage(name, resource.ok ? 'ok' : resource.refusal.code);
      return resource.ok ? reply.headers(resource.value.headers).send(resource.value.body) : answerProblem(reply, resource.refusal);
    } finally {
      quota.leave(from, limits);
    }
  });
};
