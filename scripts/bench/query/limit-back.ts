/** The far end of the limit line: bare Fastify behind mutual TLS that takes a text and answers with a text of the size it was told. */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import Fastify from 'fastify';

const { values } = parseArgs({ options: { certificate: { type: 'string' }, key: { type: 'string' }, bytes: { type: 'string' } } });
const [cert, key] = [readFileSync(values.certificate as string), readFileSync(values.key as string)];
const answer = 'a'.repeat(Number(values.bytes));
const app = Fastify({
  forceCloseConnections: true,
  https: { cert, key, ca: cert, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' },
});
app.removeAllContentTypeParsers();
app.addContentTypeParser('application/jose', { parseAs: 'string' }, (_request, body, done) => done(null, body));
app.post('/', (_request, reply) => reply.type('application/jose').send(answer));
await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${JSON.stringify({ port: (app.server.address() as AddressInfo).port })}\n`);
