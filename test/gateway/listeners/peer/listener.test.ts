import { once } from 'node:events';
import { connect } from 'node:tls';
import { expect } from 'chai';
import { ok, refuse } from '../../../../gateway/domain/result.ts';
import type { LogResourceInput } from '../../../../gateway/flows/read-log-resource.ts';
import { peerListener } from '../../../../gateway/listeners/peer/listener.ts';
import type { ProtocolDefinition } from '../../../../gateway/listeners/peer/protocol.ts';
import { bodyOf, problemOf as codeOf, exchange, post, statusOf } from '../../../helpers/tls-exchange.ts';
import { type TlsIdentity, TlsMembers, tlsIdentity } from '../../../helpers/tls-members.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('peer listener', () => {
  const now = Date.now();
  const registry = new TlsMembers();
  const handled: [string, string][] = [];
  const asked: LogResourceInput[] = [];
  let held: ((value: unknown) => void)[] = [];
  let bank: TlsIdentity;
  let server: TlsIdentity;
  let port: number;
  let at = now;
  let app: ReturnType<typeof peerListener>;

  const protocol = (name: ProtocolDefinition['name'], more: Partial<ProtocolDefinition>): ProtocolDefinition => ({
    name,
    version: 1,
    maxRequestBytes: 1024,
    parallelPerPeer: 2,
    ratePerPeer: 1000,
    fromSuspended: false,
    handle: async (from, message) => {
      handled.push([from, message]);
      return ok('a.b.c');
    },
    ...more,
  });

  before(async () => {
    [bank, server] = [await tlsIdentity('bank', now), await tlsIdentity('grid', now)];
    const protocols = [
      protocol('usages', {}),
      protocol('acknowledgements', { fromSuspended: true, handle: async () => ok(undefined) }),
      protocol('openings', {
        handle: async (_from, message) => {
          if (message === 'fail') throw new TypeError('holds a name');
          if (message === 'later') return refuse('LEDGER_BEHIND');
          await new Promise((resolve) => held.push(resolve));
          return ok(undefined);
        },
      }),
      protocol('withdrawals', { ratePerPeer: 1 }),
    ];
    app = peerListener({
      protocols,
      ownLog: {
        bounds: { parallelPerPeer: 2, ratePerPeer: 4 },
        read: async (input) => {
          asked.push(input);
          return input.name === 'checkpoint' ? ok({ body: 'a note\n', headers: { 'cache-control': 'x' } }) : refuse('LOG_RESOURCE_UNKNOWN');
        },
      },
      cosign: async (body) => {
        const said = Buffer.from(body).toString();
        if (said === 'conflict') return ok({ kind: 'conflict', size: 20852014 });
        return said === 'bad' ? refuse('WITNESS_PROOF') : ok({ kind: 'cosigned', lines: `— w ${said}\n` });
      },
      tls: server,
      ledger: registry,
      clock: { now: () => at },
      meter: { peerMessage: () => undefined },
      log: silent,
    });
    port = Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
  });
  beforeEach(() => {
    at = now;
    handled.length = 0;
    asked.length = 0;
    registry.members.clear();
    registry.set('bank', [bank.pin], 'https://127.0.0.1');
  });
  after(() => app.close());

  it('answers a pinned member, who it is being told by the pin alone', async () => {
    const answer = await exchange(port, bank, post('/peer/v1/usages', 'x.y.z'));
    expect(statusOf(answer)).to.equal(200);
    expect(answer).to.match(/content-type: application\/jose/i);
    expect(bodyOf(answer)).to.equal('a.b.c');
    expect(handled).to.deep.equal([['bank', 'x.y.z']]);
    expect(statusOf(await exchange(port, bank, post('/peer/v1/acknowledgements', 'x.y.z')))).to.equal(204);
  });

  it('says not a byte without a certificate, or with one that is not pinned', async () => {
    const nobody = await tlsIdentity('bank', now);
    expect(await exchange(port, undefined, post('/peer/v1/usages', 'x'))).to.equal('');
    expect(await exchange(port, nobody, post('/peer/v1/usages', 'x'))).to.equal('');
    expect(handled).to.deep.equal([]);
  });

  it('says not a byte to one whose certificate is over or has not begun', async () => {
    at = now + 31 * 86_400_000;
    expect(await exchange(port, bank, post('/peer/v1/usages', 'x'))).to.equal('');
    at = now - 2 * 3_600_000;
    expect(await exchange(port, bank, post('/peer/v1/usages', 'x'))).to.equal('');
    expect(handled).to.deep.equal([]);
  });

  it('says not a byte to one that left; of a suspended one it takes only what stops or closes', async () => {
    registry.set('bank', [bank.pin], '', 'left');
    expect(await exchange(port, bank, post('/peer/v1/acknowledgements', 'x'))).to.equal('');
    registry.set('bank', [bank.pin], '', 'suspended');
    expect(await exchange(port, bank, post('/peer/v1/usages', 'x'))).to.equal('');
    expect(statusOf(await exchange(port, bank, post('/peer/v1/acknowledgements', 'x')))).to.equal(204);
    expect(handled).to.deep.equal([]);
  });

  it('gives its log to every active member and to nobody else', async () => {
    const get = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: peer\r\nconnection: close\r\naccept-encoding: gzip\r\n\r\n`;
    const answer = await exchange(port, bank, get('/log/7/checkpoint'));
    expect([statusOf(answer), bodyOf(answer)]).to.deep.equal([200, 'a note\n']);
    expect(answer).to.match(/cache-control: x\r/);
    expect(asked).to.deep.equal([{ log: '7', name: 'checkpoint', encodings: 'gzip' }]);
    const unknown = await exchange(port, bank, get('/log/0/tile/0/000'));
    expect([statusOf(unknown), codeOf(unknown), asked[1]?.name]).to.deep.equal([404, 'LOG_RESOURCE_UNKNOWN', 'tile/0/000']);
    expect(unknown).to.match(/cache-control: no-store\r/);
    asked.length = 0;
    expect(await exchange(port, await tlsIdentity('bank', now), get('/log/0/checkpoint'))).to.equal('');
    for (const status of ['suspended', 'left'] as const) {
      registry.set('bank', [bank.pin], '', status);
      expect(await exchange(port, bank, get('/log/0/checkpoint'))).to.equal('');
    }
    expect(asked).to.deep.equal([]);
    registry.set('bank', [bank.pin], '');
    const codes: number[] = [];
    for (let i = 0; i < 7; i += 1) codes.push(statusOf(await exchange(port, bank, get('/log/0/checkpoint'))));
    expect(codes).to.deep.equal([200, 200, 200, 200, 200, 200, 503]);
  });

  it('cosigns as C2SP tlog-witness has it, whatever the media type, for suspended members too and for nobody else', async () => {
    const ask = (body: string, who: TlsIdentity | undefined = bank) =>
      exchange(port, who, post('/witness/v1/add-checkpoint', body, 'application/octet-stream'));
    const cosigned = await ask('line');
    expect([statusOf(cosigned), bodyOf(cosigned)]).to.deep.equal([200, '— w line\n']);
    const conflict = await ask('conflict');
    expect([statusOf(conflict), bodyOf(conflict)]).to.deep.equal([409, '20852014\n']);
    expect(conflict).to.match(/content-type: text\/x\.tlog\.size\r\n/i);
    const bad = await ask('bad');
    expect([statusOf(bad), codeOf(bad)]).to.deep.equal([422, 'WITNESS_PROOF']);
    const typeless = post('/witness/v1/add-checkpoint', 'line').replace(/content-type: [^\r]*\r\n/, '');
    expect(bodyOf(await exchange(port, bank, typeless))).to.equal('— w line\n');
    expect(codeOf(await ask('x'.repeat(32 * 1024 + 1)))).to.equal('BODY_TOO_LARGE');
    expect(await exchange(port, undefined, post('/witness/v1/add-checkpoint', 'line'))).to.equal('');
    registry.set('bank', [bank.pin], '', 'suspended');
    expect(statusOf(await ask('line'))).to.equal(200);
    registry.set('bank', [bank.pin], '', 'left');
    expect(await ask('line')).to.equal('');
  });

  it('ends an open connection at the next message once its pin is retired', async () => {
    const socket = connect({ host: '127.0.0.1', port, cert: bank.certificate, key: bank.privateKey, rejectUnauthorized: false });
    let said = '';
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    socket.on('error', () => undefined);
    await once(socket, 'secureConnect');
    socket.write(post('/peer/v1/usages', 'x').replace('connection: close', 'connection: keep-alive'));
    await once(socket, 'data');
    registry.set('bank', [server.pin], '');
    const before = said.length;
    socket.write(post('/peer/v1/usages', 'y'));
    await new Promise((resolve) => socket.once('close', resolve));
    expect(said.length).to.equal(before);
    expect(handled).to.deep.equal([['bank', 'x']]);
  });

  it('speaks TLS 1.3 only', async () => {
    expect(await exchange(port, bank, post('/peer/v1/usages', 'x'), 'TLSv1.2')).to.equal('');
  });

  it('refuses what is too large, of another type, unknown or not HTTP', async () => {
    expect(codeOf(await exchange(port, bank, post('/peer/v1/usages', 'x'.repeat(1025))))).to.equal('BODY_TOO_LARGE');
    expect(codeOf(await exchange(port, bank, post('/peer/v1/usages', '{}', 'application/json')))).to.equal('MEDIA_TYPE_UNSUPPORTED');
    expect(codeOf(await exchange(port, bank, post('/peer/v1/nothing', 'x')))).to.equal('ROUTE_UNKNOWN');
    expect(statusOf(await exchange(port, bank, 'not http at all\r\n\r\n'))).to.equal(400);
    expect(handled).to.deep.equal([]);
  });

  it('OVERLOADED with Retry-After beyond the quota and beyond the rate, and serves again after', async () => {
    const waiting = [1, 2].map(() => exchange(port, bank, post('/peer/v1/openings', 'hold')));
    while (held.length < 2) await new Promise((resolve) => setImmediate(resolve));
    const third = await exchange(port, bank, post('/peer/v1/openings', 'hold'));
    expect(statusOf(third)).to.equal(503);
    expect(third).to.match(/retry-after: 1/i);
    expect(codeOf(third)).to.equal('OVERLOADED');
    for (const go of held) go(undefined);
    held = [];
    expect((await Promise.all(waiting)).map(statusOf)).to.deep.equal([204, 204]);

    const codes: number[] = [];
    for (let i = 0; i < 3; i += 1) codes.push(statusOf(await exchange(port, bank, post('/peer/v1/withdrawals', 'x'))));
    expect(codes).to.deep.equal([200, 200, 503]);
    at = now + 1000;
    expect(statusOf(await exchange(port, bank, post('/peer/v1/withdrawals', 'x')))).to.equal(200);
  });

  it('answers refusals and faults with their code and nothing of what was said', async () => {
    const later = await exchange(port, bank, post('/peer/v1/openings', 'later'));
    expect([statusOf(later), codeOf(later)]).to.deep.equal([503, 'LEDGER_BEHIND']);
    const fault = await exchange(port, bank, post('/peer/v1/openings', 'fail'));
    expect([statusOf(fault), codeOf(fault)]).to.deep.equal([500, 'INTERNAL']);
    expect(fault).to.not.contain('holds a name');
  });
});
