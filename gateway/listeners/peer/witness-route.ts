import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { MemberId } from '../../domain/ids.ts';
import type { Refusal, Result } from '../../domain/result.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Meter } from '../../ports/meter.ts';
import type { WitnessAnswer } from '../../ports/witness-peers.ts';
import type { Bounds, PeerQuota } from './quota.ts';

export type Cosign = (body: Uint8Array) => Promise<Result<WitnessAnswer>>;

type Modules = {
  readonly quota: PeerQuota;
  readonly clock: Clock;
  readonly meter: Pick<Meter, 'peerMessage'>;
  /** The member at the other end; where there is none that may ask, the connection is closed and this is undefined. */
  readonly identify: (request: FastifyRequest) => MemberId | undefined;
  readonly answerProblem: (reply: FastifyReply, refusal: Refusal) => FastifyReply;
};

const bounds: Bounds = { name: 'witness', parallelPerPeer: 8, ratePerPeer: 50 };
const mostBytes = 32 * 1024;

/** `POST /witness/v1/add-checkpoint` of C2SP tlog-witness, whose submission prefix here is `/witness/v1` (docs/protocol/witness.md). */
export const addWitnessRoute = (app: FastifyInstance, cosign: Cosign, { quota, clock, meter, identify, answerProblem }: Modules): void => {
  app.register(async (scope) => {
    // The protocol names no media type for the request: any will do.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post('/witness/v1/add-checkpoint', {
      bodyLimit: mostBytes,
      // Before the body is read.
      onRequest: async (request, reply) => {
        const member = identify(request);
        if (member === undefined) return reply.hijack();
        Object.assign(request, { member });
        return undefined;
      },
      handler: async (request, reply) => {
        const { member: from, body } = request as FastifyRequest & { readonly member: MemberId; readonly body: Uint8Array | undefined };
        if (!quota.enter(from, bounds, clock.now())) {
          meter.peerMessage(bounds.name, 'OVERLOADED');
          return answerProblem(reply, { code: 'OVERLOADED', detail: {} });
        }
        try {
          const result = await cosign(body ?? new Uint8Array(0));
          meter.peerMessage(bounds.name, result.ok ? result.value.kind : result.refusal.code);
          if (!result.ok) return answerProblem(reply, result.refusal);
          const { value } = result;
          if (value.kind === 'cosigned') return reply.type('text/plain; charset=utf-8').send(value.lines);
          return reply.code(409).type('text/x.tlog.size').send(`${value.size}\n`);
        } finally {
          quota.leave(from, bounds);
        }
      },
    });
  });
};
