import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { expect } from 'chai';
import { httpsPeer } from '../../../../gateway/adapters/peer/https-peer.ts';
import { PeerLines } from '../../../../gateway/adapters/peer/peer-lines.ts';
import type { MemberId } from '../../../../gateway/domain/ids.ts';
import type { Result } from '../../../../gateway/domain/result.ts';
import { tlsPin } from '../../../../gateway/domain/tls-pin.ts';
import type { Peer } from '../../../../gateway/ports/peer.ts';
import { type TlsIdentity, TlsMembers, tlsIdentity } from '../../../helpers/tls-members.ts';

const grid = 'grid' as MemberId;
const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.refusal.code);

describe('https peer', () => {
  const now = Date.now();
  const registry = new TlsMembers();
  let at = now;
  let [own, theirs]: TlsIdentity[] = [];
  let server: Server;
  let url: string;
  let answer: Parameters<typeof createServer>[1];
  let connections = 0;
  let requests = 0;
  let shown: string | undefined;
  const peer = (): Peer & { close(): Promise<void> } => {
    const identity = own;
    if (identity === undefined) throw new Error('not set up');
    const lines = new PeerLines({
      ledger: registry,
      tls: () => identity,
      clock: { now: () => at },
      timeoutMs: 400,
      maxAnswerBytes: 4096,
      connections: 4,
    });
    return { ...httpsPeer(lines), close: () => lines.close() };
  };
  const send = async (): Promise<Result<string>> => {
    const one = peer();
    try {
      return await one.send(grid, 'usages', 'x.y.z');
    } finally {
      await one.close();
    }
  };

  before(async () => {
    [own, theirs] = [await tlsIdentity('bank', now), await tlsIdentity('grid', now)];
    server = createServer(
      { cert: theirs?.certificate, key: theirs?.privateKey, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.3' },
      (request, response) => {
        requests += 1;
        answer?.(request, response);
      },
    );
    server.on('secureConnection', (socket: TLSSocket) => {
      connections += 1;
      shown = socket.getPeerX509Certificate()?.raw === undefined ? undefined : tlsPin(socket.getPeerX509Certificate()!.raw);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    [at, connections, requests] = [now, 0, 0];
    registry.set('grid', [theirs!.pin], url);
    answer = (_request, response) => response.writeHead(200, { 'content-type': 'application/jose' }).end('a.b.c');
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it('shows its certificate, keeps the connection and brings back the answer', async () => {
    const one = peer();
    for (let i = 0; i < 10; i += 1) expect(await one.send(grid, 'usages', 'x.y.z')).to.deep.equal({ ok: true, value: 'a.b.c' });
    // The pool may open a second one before it knows that the first is free again.
    expect(connections).to.be.within(1, 2);
    expect(shown).to.equal(own!.pin);
    await one.close();
  });

  it('takes 204 as done, and a problem’s code and nothing else of it', async () => {
    answer = (_request, response) => response.writeHead(204).end();
    expect(await send()).to.deep.equal({ ok: true, value: '' });
    answer = (_request, response) =>
      response.writeHead(503, { 'content-type': 'application/problem+json' }).end('{"code":"OVERLOADED","detail":"ignore me"}');
    expect(await send()).to.deep.equal({ ok: false, refusal: { code: 'OVERLOADED', detail: { member: 'grid' } } });
  });

  it('PEER_TLS_UNPINNED, and sends not a byte, when the pin is another or the certificate is over', async () => {
    registry.set('grid', [own!.pin], url);
    expect(codeOf(await send())).to.equal('PEER_TLS_UNPINNED');
    registry.set('grid', [theirs!.pin], url);
    at = now + 31 * 86_400_000;
    expect(codeOf(await send())).to.equal('PEER_TLS_UNPINNED');
    expect(requests).to.equal(0);
  });

  it('drops open connections to a pin that is retired', async () => {
    const one = peer();
    expect(codeOf(await one.send(grid, 'usages', 'x'))).to.equal('ok');
    registry.set('grid', [own!.pin], url);
    expect(codeOf(await one.send(grid, 'usages', 'x'))).to.equal('PEER_TLS_UNPINNED');
    expect(requests).to.equal(1);
    await one.close();
  });

  it('PEER_GARBLED for what is not the protocol', async () => {
    const garbage: readonly [number, string, string][] = [
      [200, 'application/jose', 'not a jws'],
      [200, 'application/jose', ''],
      [200, 'text/html', 'a.b.c'],
      [302, 'application/jose', 'a.b.c'],
      [500, 'text/plain', 'oops'],
      [403, 'application/problem+json', '{"code":"NO_SUCH_CODE"}'],
      [403, 'application/problem+json', '{"code":"toString"}'],
      [403, 'application/problem+json', 'null'],
      [403, 'application/problem+json', '{'],
    ];
    for (const [status, type, body] of garbage) {
      answer = (_request, response) => response.writeHead(status, { 'content-type': type }).end(body);
      expect(codeOf(await send()), `${status} ${type} ${body}`).to.equal('PEER_GARBLED');
    }
    answer = (_request, response) => response.writeHead(200, { 'content-type': 'application/jose' }).end(`a.b.${'c'.repeat(10_000)}`);
    expect(codeOf(await send()), 'too large').to.equal('PEER_GARBLED');
    answer = (request) => request.socket.end('complete nonsense\r\n\r\n');
    expect(codeOf(await send()), 'not http').to.equal('PEER_GARBLED');
  });

  it('PEER_TIMEOUT for one that is slow to begin, slow to end, or never shakes hands', async () => {
    answer = () => undefined;
    expect(codeOf(await send())).to.equal('PEER_TIMEOUT');
    answer = (_request, response) => response.writeHead(200, { 'content-type': 'application/jose' }).write('a.');
    expect(codeOf(await send())).to.equal('PEER_TIMEOUT');
    const mute = createTcpServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    registry.set('grid', [theirs!.pin], `https://127.0.0.1:${(mute.address() as AddressInfo).port}`);
    expect(codeOf(await send())).to.equal('PEER_TIMEOUT');
    mute.close();
  });

  it('PEER_UNREACHABLE for one that is down, cuts the line, or has no usable endpoint; MEMBER_UNKNOWN for none', async () => {
    answer = (request) => request.socket.destroy();
    expect(codeOf(await send())).to.equal('PEER_UNREACHABLE');
    registry.set('grid', [theirs!.pin], 'https://127.0.0.1:1');
    expect(codeOf(await send())).to.equal('PEER_UNREACHABLE');
    for (const endpoint of ['http://127.0.0.1:1', 'nonsense', '']) {
      registry.set('grid', [theirs!.pin], endpoint);
      expect(codeOf(await send())).to.equal('PEER_UNREACHABLE');
    }
    registry.members.clear();
    expect(codeOf(await send())).to.equal('MEMBER_UNKNOWN');
  });
});
