/**
 * Preloaded into the processes of a network under test: keeps what passes between gateways as it is once TLS is taken off, in files named by process and body,
 * in the folder that the module's own address names (`?into=`). It listens at Node's HTTP server; the gateways' code knows nothing of it.
 */
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync, mkdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';

const folder = new URL(import.meta.url).searchParams.get('into');
if (folder === null) throw new Error('capture-peer-bodies.ts needs ?into=FOLDER');
mkdirSync(folder, { recursive: true });

let exchanges = 0;
const bytesOf = (chunk: unknown): Buffer | undefined =>
  typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk instanceof Uint8Array ? Buffer.from(chunk) : undefined;

subscribe('http.server.request.start', (message) => {
  const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
  // Only gateways speak TLS to each other; the client listener is plain HTTP.
  if ((request.socket as Partial<TLSSocket>).encrypted !== true) return;
  exchanges += 1;
  const keep = (which: 'request' | 'response', chunk: unknown): void => {
    const bytes = bytesOf(chunk);
    if (bytes !== undefined) appendFileSync(join(folder, `${process.pid}-${exchange}-${which}`), bytes);
  };
  const exchange = `${exchanges}${(request.url ?? '').replaceAll('/', '.')}`;
  const [push, write, end] = [request.push, response.write, response.end];
  request.push = function (chunk, ...rest) {
    keep('request', chunk);
    return push.call(this, chunk, ...rest);
  };
  response.write = function (this: ServerResponse, ...args: Parameters<typeof write>) {
    keep('response', args[0]);
    return write.apply(this, args);
  } as typeof write;
  response.end = function (this: ServerResponse, ...args: Parameters<typeof end>) {
    keep('response', args[0]);
    return end.apply(this, args);
  } as typeof end;
});
