import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type GatewayNetwork, startGatewayNetwork } from '../helpers/gateway-network.ts';

type Ended = { readonly status: number | null; readonly stdout: string; readonly stderr: string };
type Running = { readonly child: ChildProcess; readonly ready: Promise<Record<string, unknown>>; readonly ended: Promise<Ended> };

const run = (folder: string): Running => {
  const child = spawn(process.execPath, ['gateway/main.ts', '--dir', folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  const ended = new Promise<Ended>((resolve) => child.once('close', (status) => resolve({ status, stdout, stderr })));
  const ready = new Promise<Record<string, unknown>>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString('utf8');
      if (stdout.includes('\n')) resolve(JSON.parse(stdout.slice(0, stdout.indexOf('\n'))));
    });
    ended.then(({ stderr: said }) => reject(new Error(`ended before it was ready: ${said}`)));
  });
  ready.catch(() => undefined);
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  return { child, ready, ended };
};

/** Ends with status 1 and this code on standard error, and never says ready. */
const expectRefusal = async (folder: string, code: string): Promise<string> => {
  const { status, stdout, stderr } = await run(folder).ended;
  expect(stderr).to.contain(`"code":"${code}"`);
  expect([status, stdout]).to.deep.equal([1, '']);
  return stderr;
};

describe('gateway process', () => {
  const member = 'bank-changan';
  let network: GatewayNetwork;
  let root: string;
  let folder: string;

  before(async () => {
    network = await startGatewayNetwork([member]);
    await network.stop(member);
  });
  after(() => network.remove());
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'xinshu-main-'));
    folder = join(root, 'gateway');
    await cp(network.folder(member), folder, { recursive: true });
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const changeConfig = async (change: (config: Record<string, Record<string, unknown>>) => void): Promise<void> => {
    const path = join(folder, 'config.json');
    const config = JSON.parse(await readFile(path, 'utf8'));
    change(config);
    await writeFile(path, JSON.stringify(config));
  };

  it('says one line of JSON when it serves, answers, and stops cleanly at SIGTERM and SIGINT', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const { child, ready, ended } = run(folder);
      const line = await ready;
      expect(line).to.include({ ready: true, member });
      const health = await fetch(`${line.client}/health`);
      expect(health.status).to.be.oneOf([200, 503]);
      child.kill(signal);
      const { status, stdout } = await ended;
      expect(status).to.equal(0);
      expect(stdout.trim().split('\n')).to.have.length(1);
    }
  });

  it('STORE_LOCKED for a second one on the same folder, and the first goes on', async () => {
    const first = run(folder);
    const { client } = await first.ready;
    await expectRefusal(folder, 'STORE_LOCKED');
    expect((await fetch(`${client}/openapi.json`)).status).to.equal(200);
    first.child.kill('SIGTERM');
    expect((await first.ended).status).to.equal(0);
  });

  it('starts again after SIGKILL', async () => {
    const first = run(folder);
    await first.ready;
    first.child.kill('SIGKILL');
    await first.ended;
    const second = run(folder);
    expect(await second.ready).to.include({ ready: true });
    second.child.kill('SIGTERM');
    expect((await second.ended).status).to.equal(0);
  });

  it('PORT_IN_USE names the address', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    for (const listener of ['client', 'peer']) {
      await changeConfig((config) => {
        config.client = { host: '127.0.0.1', port: listener === 'client' ? port : 0 };
        config.peer = { host: '127.0.0.1', port: listener === 'peer' ? port : 0 };
      });
      expect(await expectRefusal(folder, 'PORT_IN_USE')).to.contain(String(port));
    }
    taken.close();
  });

  it('CONFIG_UNREADABLE, CONFIG_INVALID with the path', async () => {
    await changeConfig((config) => {
      config.peer = { host: '127.0.0.1', port: -1 };
    });
    expect(await expectRefusal(folder, 'CONFIG_INVALID')).to.contain('/peer/port');
    await writeFile(join(folder, 'config.json'), '{');
    await expectRefusal(folder, 'CONFIG_UNREADABLE');
    await rm(join(folder, 'config.json'));
    await expectRefusal(folder, 'CONFIG_UNREADABLE');
  });

  it('PASSPHRASE_MODE, KEYSTORE_PASSPHRASE, KEYSTORE_UNREADABLE', async () => {
    await chmod(join(folder, 'passphrase'), 0o644);
    await expectRefusal(folder, 'PASSPHRASE_MODE');
    await chmod(join(folder, 'passphrase'), 0o600);
    await writeFile(join(folder, 'passphrase'), 'another');
    const said = await expectRefusal(folder, 'KEYSTORE_PASSPHRASE');
    expect(said).to.not.contain('another');
    await writeFile(join(folder, 'keystore.jwe'), '');
    await expectRefusal(folder, 'KEYSTORE_UNREADABLE');
  });

  it('LEDGER_MISMATCH on a node of another chain', async () => {
    await changeConfig((config) => {
      config.ledger = { ...config.ledger, chainId: 1 };
    });
    await expectRefusal(folder, 'LEDGER_MISMATCH');
  });

  it('explains itself without a folder', async () => {
    const child = spawn(process.execPath, ['gateway/main.ts'], { stdio: ['ignore', 'pipe', 'pipe'] });
    expect(await new Promise((resolve) => child.once('close', resolve))).to.equal(2);
  });
});
