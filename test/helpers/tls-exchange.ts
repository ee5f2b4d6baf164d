import { connect, type TLSSocket } from 'node:tls';

/** Everything the other end says to these bytes, until it ends the connection; '' when it says nothing. */
export const exchange = async (
  port: number,
  identity: { readonly certificate: string; readonly privateKey: string } | undefined,
  request: string,
  maxVersion?: 'TLSv1.2',
): Promise<string> => {
  const socket: TLSSocket = connect({
    host: '127.0.0.1',
    port,
    cert: identity?.certificate,
    key: identity?.privateKey,
    rejectUnauthorized: false,
    ...(maxVersion === undefined ? {} : { maxVersion }),
  });
  let said = '';
  socket.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  socket.on('error', () => undefined);
  socket.once('secureConnect', () => socket.write(request));
  // Not events.once: that rejects on 'error', which here is one way of saying nothing.
  await new Promise((resolve) => socket.once('close', resolve));
  return said;
};

export const post = (path: string, body: string, type = 'application/jose'): string =>
  `POST ${path} HTTP/1.1\r\nhost: peer\r\nconnection: close\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
export const bodyOf = (answer: string): string => answer.slice(answer.indexOf('\r\n\r\n') + 4);
export const problemOf = (answer: string): unknown => JSON.parse(/\{.*\}/s.exec(bodyOf(answer))?.[0] ?? '{}').code;
