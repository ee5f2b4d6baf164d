import { bytesToHex } from '@ethereumjs/util';
import Fastify, { type FastifyInstance } from 'fastify';
import { NodeError } from '../../../errors.ts';
import type { EngineHealth } from '../../engine.ts';
import type { EmbeddedLedger } from '../embedded-ledger.ts';
import { answerBody, errorAnswer } from './dispatch.ts';
import { RpcError, rpcCode } from './rpc-error.ts';

/** Bytes of one request. */
export const bodyBound = 4 * 1024 * 1024;

const loopbackHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** JSON-RPC 2.0 over HTTP on the loopback interface: POST /. GET /health tells whether it can still write. */
export function createRpcServer(ledger: EmbeddedLedger, report: (error: unknown) => void): FastifyInstance {
  const server = Fastify({ bodyLimit: bodyBound, requestTimeout: 60_000, forceCloseConnections: 'idle' });
  server.removeAllContentTypeParsers();
  // Whatever the content type says: clients differ, and the parse error must be JSON-RPC's own.
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  server.addHook('onRequest', async (request, reply) => {
    // A web page that got a name of its own pointed at 127.0.0.1 comes with that name as host.
    if (!loopbackHost.test(request.headers.host ?? '')) {
      await reply.code(403).send(errorAnswer(null, new RpcError(rpcCode.invalidRequest, 'host not allowed')));
    }
  });

  server.post('/', async (request, reply) => {
    const answer = await answerBody(ledger, typeof request.body === 'string' ? request.body : '', report);
    return answer === undefined ? reply.code(204).send() : reply.type('application/json').send(answer);
  });

  server.get('/health', async () => healthOf(ledger));

  server.setErrorHandler(async (error: { code?: string; statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) report(error);
    const message = error.code === 'FST_ERR_CTP_BODY_TOO_LARGE' ? `request of more than ${bodyBound} bytes` : 'invalid request';
    await reply.code(status).send(errorAnswer(null, new RpcError(rpcCode.invalidRequest, message)));
  });
  return server;
}

/** Listens on 127.0.0.1; port 0 takes a free one. Returns the URL. Errors: NODE_PORT_IN_USE. */
export async function listenOnLoopback(server: FastifyInstance, port: number): Promise<string> {
  try {
    return await server.listen({ host: '127.0.0.1', port });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new NodeError(code === 'EADDRINUSE' ? 'NODE_PORT_IN_USE' : 'NODE_ENGINE_FAILED', { port }, { cause: error });
  }
}

function healthOf({ chain, producer, clock }: EmbeddedLedger): EngineHealth {
  const { header } = chain.head;
  return {
    ok: producer.writable,
    height: Number(header.number),
    headHash: bytesToHex(chain.head.hash()),
    headAge: Math.max(0, Math.floor(clock.now() / 1000) - Number(header.timestamp)),
    pending: producer.pending,
  };
}
