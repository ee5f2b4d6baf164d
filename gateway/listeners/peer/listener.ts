import type { TLSSocket } from 'node:tls';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { catalogue, type ErrorCode } from '../../domain/errors.ts';
import type { MemberId } from '../../domain/ids.ts';
import type { Refusal } from '../../domain/result.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ledger } from '../../ports/ledger.ts';
import type { Log } from '../../ports/log.ts';
import type { Meter } from '../../ports/meter.ts';
import { memberBehind } from './identity.ts';
import { addLogRoutes, type LogRouteOptions } from './log-routes.ts';
import type { ProtocolDefinition } from './protocol.ts';
import { PeerQuota } from './quota.ts';
import { addWitnessRoute, type Cosign } from './witness-route.ts';

export type PeerListenerOptions = {
  readonly protocols: readonly ProtocolDefinition[];
  readonly ownLog: LogRouteOptions;
  readonly cosign: Cosign;
  readonly tls: { readonly certificate: string; readonly privateKey: string };
  readonly ledger: Pick<Ledger, 'head'>;
  readonly clock: Clock;
  readonly meter: Pick<Meter, 'peerMessage'>;
  readonly log: Log;
};

const messageType = 'application/jose';
/** RFC 9110 §10.2.3, in seconds. */
const retryAfter = '1';

const answerProblem = (reply: FastifyReply, refusal: Refusal): FastifyReply => {
  const { status, kind, en } = catalogue[refusal.code];
  if (kind === 'retry') reply.header('retry-after', retryAfter);
  const problem = { type: `urn:xinshu:problem:${refusal.code.toLowerCase()}`, title: refusal.code, status, code: refusal.code, detail: en };
  return reply
    .code(status)
    .type('application/problem+json')
    .send(JSON.stringify({ ...problem, facts: refusal.detail }));
};

const byFastifyCode: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'MEDIA_TYPE_UNSUPPORTED',
  FST_ERR_CTP_EMPTY_TYPE: 'MEDIA_TYPE_UNSUPPORTED',
};

/**
 * The listener for other gateways: mutual TLS 1.3. Whoever shows no certificate, or one that the registry does not pin, that is out of its validity or of a
 * member that left, gets its connection closed and not a byte of an answer; so does a suspended member, but for protocols that say otherwise.
 */
export const peerListener = (options: PeerListenerOptions) => {
  const { protocols, ownLog, cosign, tls, ledger, clock, meter, log } = options;
  const quota = new PeerQuota();
  const app = Fastify({
    logger: false,
    bodyLimit: Math.max(...protocols.map((protocol) => protocol.maxRequestBytes)),
    https: {
      cert: tls.certificate,
      key: tls.privateKey,
      minVersion: 'TLSv1.3',
      requestCert: true,
      // No authority signs members' certificates: the pin is the check, below.
      rejectUnauthorized: false,
    },
    requestTimeout: 15_000,
    keepAliveTimeout: 75_000,
    forceCloseConnections: true,
  });

  app.server.prependListener('secureConnection', (socket: TLSSocket) => {
    // Before the HTTP parser sees the connection.
    if (memberBehind(socket, ledger.head(), clock.now()) === undefined) {
      log.warn({ reason: 'certificate not pinned or out of its validity' }, 'peer connection closed');
      socket.destroy();
    }
  });

  app.removeAllContentTypeParsers();
  app.addContentTypeParser(messageType, { parseAs: 'string' }, (_request, body, done) => done(null, body));

  /** The member at the other end; the connection of anyone else is closed. */
  const identify = (request: FastifyRequest, evenSuspended: boolean): MemberId | undefined => {
    const member = memberBehind(request.raw.socket as TLSSocket, ledger.head(), clock.now());
    if (member !== undefined && (evenSuspended || member.status !== 'suspended')) return member.id;
    request.raw.socket.destroy();
    return undefined;
  };

  const answer = async (protocol: ProtocolDefinition, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const from = (request as FastifyRequest & { member?: string }).member;
    if (from === undefined) return reply.hijack();
    if (!quota.enter(from, protocol, clock.now())) {
      meter.peerMessage(protocol.name, 'OVERLOADED');
      return answerProblem(reply, { code: 'OVERLOADED', detail: {} });
    }
    try {
      const result = await protocol.handle(from as never, request.body as string);
      meter.peerMessage(protocol.name, result.ok ? 'ok' : result.refusal.code);
      if (!result.ok) return answerProblem(reply, result.refusal);
      return result.value === undefined ? reply.code(204).send() : reply.type(messageType).send(result.value);
    } finally {
      quota.leave(from, protocol);
    }
  };

  for (const protocol of protocols)
    app.route({
      method: 'POST',
      url: `/peer/v${protocol.version}/${protocol.name}`,
      bodyLimit: protocol.maxRequestBytes,
      // Before the body is read.
      onRequest: async (request, reply) => {
        const member = identify(request, protocol.fromSuspended);
        if (member === undefined) return reply.hijack();
        Object.assign(request, { member });
        return undefined;
      },
      handler: (request, reply) => answer(protocol, request, reply),
    });

  // A suspended member's log goes on, and so do its cosignatures.
  addWitnessRoute(app, cosign, { quota, clock, meter, identify: (request) => identify(request, true), answerProblem });
  addLogRoutes(app, ownLog, { quota, clock, meter, identify: (request) => identify(request, false), answerProblem });

  app.setNotFoundHandler((_request, reply) => answerProblem(reply, { code: 'ROUTE_UNKNOWN', detail: {} }));
  app.setErrorHandler((error: Error & { code?: string; statusCode?: number }, _request, reply) => {
    const known = byFastifyCode[error.code ?? ''];
    if (known !== undefined) return answerProblem(reply, { code: known, detail: {} });
    if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
      return answerProblem(reply, { code: 'MESSAGE_MALFORMED', detail: {} });
    const code = error.code !== undefined && error.code in catalogue ? (error.code as ErrorCode) : 'INTERNAL';
    // The message of an unexpected error may hold a subject's data: its name and place only.
    log.error(
      { error: error.name, code: error.code, at: error.stack?.split('\n').find((line) => line.startsWith('    at ')) },
      'peer message failed',
    );
    return answerProblem(reply, { code, detail: {} });
  });
  return app;
};
