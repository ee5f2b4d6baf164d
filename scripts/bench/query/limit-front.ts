/** The near end of the limit line: bare Fastify over HTTP that, for each call, asks the far end once over mutual TLS kept alive, and answers. */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import Fastify from 'fastify';
import { Pool } from 'undici';

const { values } = parseArgs({
  options: {
    certificate: { type: 'string' },
    key: { type: 'string' },
    back: { type: 'string' },
    connections: { type: 'string' },
    'request-bytes': { type: 'string' },
    'answer-bytes': { type: 'string' },
  },
});
const [cert, key] = [readFileSync(values.certificate as string), readFileSync(values.key as string)];
const pool = new Pool(`https://127.0.0.1:${values.back}`, {
  connections: Number(values.connections),
  pipelining: 1,
  connect: { cert, key, ca: cert, minVersion: 'TLSv1.3', checkServerIdentity: () => undefined },
});
const [request, answer] = ['q'.repeat(Number(values['request-bytes'])), 'a'.repeat(Number(values['answer-bytes']))];
const app = Fastify({ forceCloseConnections: true });
app.post('/', async (_request, reply) => {
  const { body } = await pool.request({ method: 'POST', path: '/', headers: { 'content-type': 'application/jose' }, body: request });
  await body.text();
  return reply.type('application/json').send(answer);
});
await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${JSON.stringify({ port: (app.server.address() as AddressInfo).port })}\n`);
