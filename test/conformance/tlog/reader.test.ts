import { request } from 'node:https';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { systemRandomness } from '../../../gateway/adapters/clock/system.ts';
import { createToken } from '../../../gateway/adapters/tokens/token-file.ts';
import { logIdentity } from '../../../gateway/audit/log-identity.ts';
import type { StaffRole } from '../../../gateway/domain/vocabulary.ts';
import { requestOf } from '../../helpers/append-requests.ts';
import { type GatewayNetwork, startGatewayNetwork } from '../../helpers/gateway-network.ts';
import { tlsIdentity } from '../../helpers/tls-members.ts';
import { Untrusted } from './bytes.ts';
import { readLeaf } from './leaf.ts';
import type { Head } from './note.ts';
import { type Entry, type Get, TlogReader } from './reader.ts';

type Answer = { readonly status: number; readonly header: (name: string) => string | undefined; readonly body: Uint8Array };
type Ask = (name: string, headers?: Readonly<Record<string, string>>) => Promise<Answer>;

const owner = 'grid-qinchuan';
const other = 'bank-changan';
const small = [0, 1, 255, 256, 257];
/** Level 1 has a full tile and a partial one, level 2 one hash. */
const large = 65_536 + 257;

describe('the log over HTTP, read by a reader of C2SP tlog-tiles that shares no code with it', function () {
  this.timeout(240_000);
  let network: GatewayNetwork;
  const tokens = new Map<StaffRole, string>();
  const heads = new Map<number, Head>();
  const gateway = () => network.gateway(owner);

  before(async () => {
    network = await startGatewayNetwork([owner, other]);
    for (const role of ['auditor', 'requester'] as const) {
      const staff = { name: role, roles: [role], lifetimeMs: 86_400_000 };
      tokens.set(role, createToken(join(network.folder(owner), 'tokens.json'), staff, Date.now(), systemRandomness).token);
    }
  });
  after(() => network.remove());

  const client =
    (role: StaffRole, log = '0'): Ask =>
    async (name, headers = {}) => {
      const url = new URL(`/log/${log}/${name}`, gateway().clientUrl);
      const response = await fetch(url, { headers: { authorization: `Bearer ${tokens.get(role)}`, ...headers } });
      const body = new Uint8Array(await response.arrayBuffer());
      return { status: response.status, header: (which) => response.headers.get(which) ?? undefined, body };
    };
  const peer =
    ({ certificate, privateKey }: { readonly certificate: string; readonly privateKey: string }): Ask =>
    (name, headers = {}) =>
      new Promise((resolve, reject) => {
        const tls = { cert: certificate, key: privateKey, rejectUnauthorized: false };
        const asked = request(`${gateway().peerUrl}/log/0/${name}`, { ...tls, headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const header = (which: string): string | undefined => response.headers[which] as string | undefined;
            resolve({ status: response.statusCode ?? 0, header, body: Buffer.concat(chunks) });
          });
        });
        asked.on('error', reject);
        asked.end();
      });
  const asMember = (): Ask => peer(network.gateway(other).modules.keys.tls());

  const get =
    (ask: Ask): Get =>
    async (name) => {
      const { status, body } = await ask(name);
      if (status !== 200) throw new Error(`${name}: ${status}`);
      return body;
    };
  const identity = () => {
    const { ledger, member, audit } = gateway().modules;
    const { origin, verifierKey } = logIdentity(ledger.head(), ledger.chainId, member, audit.log);
    return { origin, verifierKey: verifierKey as string };
  };
  const reader = (from: Get): TlogReader => new TlogReader(from, identity().origin, identity().verifierKey);

  const grow = async (size: number): Promise<void> => {
    const { audit } = gateway().modules;
    for (let next = audit.size(); next < size; next = audit.size()) {
      const numbers = Array.from({ length: Math.min(4096, size - next) }, (_, n) => next + n);
      await Promise.all(numbers.map((number) => audit.append(requestOf(number))));
    }
    expect(audit.size()).to.equal(size);
  };
  const readWhole = async (from: TlogReader, head: Head): Promise<number> => {
    let count = 0;
    await from.checkEverything(head, async (entry: Entry) => {
      await from.checkInclusion(head, entry);
      expect(readLeaf(entry.bytes).step).to.equal('served');
      count += 1;
    });
    return count;
  };

  for (const size of small)
    it(`reads all of ${size} entries, proves each one and every step from before`, async () => {
      await grow(size);
      for (const ask of [client('auditor'), asMember()]) {
        const from = reader(get(ask));
        const head = await from.head();
        expect(head).to.include({ origin: identity().origin, size });
        expect(await readWhole(from, head)).to.equal(size);
        for (const older of heads.values()) await from.checkConsistency(older, head);
        heads.set(size, head);
      }
    });

  it('keeps the partial tiles of every earlier checkpoint', async () => {
    for (const head of heads.values()) expect(await readWhole(reader(get(client('auditor'))), head)).to.equal(head.size);
  });

  it('says how long each resource may be kept, and by whom', async () => {
    const immutable = 'private, max-age=31536000, immutable';
    for (const ask of [client('auditor'), asMember()])
      for (const [name, type, cache, length] of [
        ['checkpoint', 'text/plain; charset=utf-8', 'private, no-cache', undefined],
        ['tile/0/000', 'application/octet-stream', immutable, 8192],
        ['tile/0/001.p/1', 'application/octet-stream', immutable, 32],
        ['tile/1/000.p/1', 'application/octet-stream', immutable, 32],
        ['tile/entries/000', 'application/octet-stream', immutable, undefined],
        ['tile/entries/001.p/1', 'application/octet-stream', immutable, undefined],
      ] as const) {
        const { status, header, body } = await ask(name);
        expect([status, header('content-type'), header('cache-control')], name).to.deep.equal([200, type, cache]);
        if (length !== undefined) expect(body.length, name).to.equal(length);
      }
  });

  it('compresses bundles for a reader that takes it, and only then', async () => {
    const ask = asMember();
    const plain = await ask('tile/entries/000', { 'accept-encoding': 'identity' });
    expect([plain.header('content-encoding'), plain.header('vary')]).to.deep.equal([undefined, 'accept-encoding']);
    for (const coding of ['gzip', 'br;q=1, gzip;q=0.5', 'GZIP;q=1.0']) {
      const packed = await ask('tile/entries/000', { 'accept-encoding': coding });
      expect(packed.header('content-encoding'), coding).to.equal('gzip');
      expect(gunzipSync(packed.body).equals(plain.body), coding).to.equal(true);
      expect(packed.body.length).to.be.lessThan(plain.body.length);
    }
    for (const coding of ['gzip;q=0', 'gzip;q=0.000', 'br', 'gzipped', '*'])
      expect((await ask('tile/entries/000', { 'accept-encoding': coding })).header('content-encoding'), coding).to.equal(undefined);
    expect((await ask('tile/0/000', { 'accept-encoding': 'gzip' })).header('content-encoding')).to.equal(undefined);
  });

  it('has nothing beyond its checkpoint, of another log, or under another spelling', async () => {
    const gone = async (ask: Ask, name: string): Promise<void> => {
      const { status, header, body } = await ask(name);
      const { code } = JSON.parse(Buffer.from(body).toString('utf8'));
      expect([status, code, header('cache-control')], name).to.deep.equal([404, 'LOG_RESOURCE_UNKNOWN', 'no-store']);
    };
    for (const ask of [client('auditor'), asMember()])
      for (const name of [
        'tile/0/001',
        'tile/0/001.p/2',
        'tile/0/002.p/1',
        'tile/1/000',
        'tile/1/000.p/2',
        'tile/2/000.p/1',
        'tile/63/000.p/1',
        'tile/entries/001',
        'tile/entries/001.p/2',
        'tile/0/x000/000',
        'tile/0/0',
        'tile/0/000.p/0',
        'tile/0/x999/x999/x999/x999/x999/999',
      ])
        await gone(ask, name);
    await gone(client('auditor', '1'), 'checkpoint');
    await gone(client('auditor', '00'), 'tile/0/000');
  });

  it('shows entries to auditors and members only', async () => {
    const staff = client('requester');
    expect((await staff('checkpoint')).status).to.equal(200);
    for (const name of ['tile/0/000', 'tile/entries/000']) expect((await staff(name)).status).to.equal(403);
    const stranger = peer(await tlsIdentity(other, Date.now()));
    const failure = await stranger('checkpoint').then(
      () => 'answered',
      () => 'closed',
    );
    expect(failure).to.equal('closed');
  });

  it('would be caught at any changed byte', async () => {
    const honest = get(client('auditor'));
    const head = await reader(honest).head();
    // Signatures that a reader does not know come after the log's own.
    const own = /^[^\u2014]*\u2014[^\n]*\n/.exec(Buffer.from(await honest('checkpoint')).toString('utf8'))?.[0] as string;
    const changed = async (name: string, at: number): Promise<unknown> => {
      const from = reader(async (asked) => {
        const body = Uint8Array.from(await honest(asked));
        if (asked === name) body[at % body.length] = (body[at % body.length] as number) ^ 1;
        return body;
      });
      return from
        .head()
        .then((seen) => readWhole(from, seen))
        .catch((error: unknown) => error);
    };
    for (let at = 0; at < Buffer.byteLength(own); at += 1) expect(await changed('checkpoint', at), `checkpoint ${at}`).to.be.an('error');
    for (const name of ['tile/0/000', 'tile/0/001.p/1', 'tile/1/000.p/1', 'tile/entries/000', 'tile/entries/001.p/1'])
      for (const at of [0, 1, 2, 31, 700, 8191, 100_000]) expect(await changed(name, at), `${name} ${at}`).to.be.instanceOf(Untrusted);
    for (const older of heads.values()) {
      if (older.size === 0) continue;
      const root = Uint8Array.from(older.root, (byte, at) => (at === 0 ? byte ^ 1 : byte));
      const refused = await reader(honest)
        .checkConsistency({ ...older, root }, head)
        .catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(Untrusted);
    }
  });

  it(`reads ${large} entries, with tiles of three levels`, async () => {
    await grow(large);
    const from = reader(get(asMember()));
    const head = await from.head();
    expect(head.size).to.equal(large);
    expect(await readWhole(from, head)).to.equal(large);
    for (const older of heads.values()) await from.checkConsistency(older, head);
  });

  it('shows an entry only once a checkpoint that covers it is published', async () => {
    await grow(large + 1);
    const ask = client('auditor');
    for (const name of ['tile/0/257.p/2', 'tile/entries/257.p/2']) expect((await ask(name)).status).to.equal(404);
    expect((await reader(get(ask)).head()).size).to.equal(large + 1);
    for (const name of ['tile/0/257.p/2', 'tile/entries/257.p/2']) expect((await ask(name)).status).to.equal(200);
  });
});
