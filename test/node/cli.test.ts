import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { demoManifest } from '../../node/manifest/demo.ts';
import { foundingSteps } from '../helpers/founding-steps.ts';
import { testMemberDocuments } from '../helpers/member-documents.ts';

const cli = fileURLToPath(new URL('../../node/cli.ts', import.meta.url));

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

function xinshuNode(...args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], (error, out, err) => resolve({ status: error === null ? 0 : Number(error.code), out, err }));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

describe('xinshu-node', function () {
  this.timeout(120_000);
  let folder: string;
  let data: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'xinshu-cli-'));
    data = join(folder, 'network');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('helps, for the whole and for each command, with exit statuses', async () => {
    const { status, out } = await xinshuNode('--help');
    expect(status).to.equal(0);
    const names = ['init', 'up', 'keeper', 'deploy', 'members', 'status'];
    const helps = await Promise.all(names.map((name) => xinshuNode(name, '--help')));
    for (const [index, name] of names.entries()) {
      expect(out).to.contain(`  ${name} `);
      const help = helps[index] as Ran;
      expect([help.status, /Exit status: 0/.test(help.out), help.out.includes('--data')], name).to.deep.equal([0, true, true]);
    }
  });

  it('ends with 2 when it is used wrongly', async () => {
    for (const args of [
      ['nothing'],
      ['init'],
      ['status', '--data'],
      ['deploy', '--data', data],
      ['init', '--data', data, '--port-base', 'x'],
      ['init', '--data', data, '--colour'],
    ]) {
      expect((await xinshuNode(...args)).status, args.join(' ')).to.equal(2);
    }
    expect((await xinshuNode('init', '--data', data, '--port-base', '0')).err).to.contain('NODE_USAGE');
  });

  it('tells every fault of a manifest with its place', async () => {
    const file = join(folder, 'manifest.json');
    const manifest = demoManifest();
    writeFileSync(file, JSON.stringify({ ...manifest, version: 3, engine: { kind: 'anvil', port: 1 } }));
    const { status, out } = await xinshuNode('init', '--data', data, '--manifest', file, '--json');
    const { ok, error } = JSON.parse(out) as { ok: boolean; error: { code: string; faults: { code: string; path: string; zh: string }[] } };
    expect([status, ok, error.code]).to.deep.equal([1, false, 'NODE_MANIFEST_INVALID']);
    expect(error.faults.map(({ code, path }) => `${code} ${path}`)).to.deep.equal([
      'MANIFEST_ENGINE /engine/kind',
      'MANIFEST_VERSION /version',
    ]);
    const text = await xinshuNode('init', '--data', data, '--manifest', file);
    expect(text.err).to.contain('/engine/kind: MANIFEST_ENGINE');
  });

  it('makes, runs, founds and shows a network, and stops cleanly', async () => {
    const manifest = { ...demoManifest(), engine: { kind: 'embedded' as const, port: await freePort() } };
    const file = join(folder, 'good.json');
    writeFileSync(file, JSON.stringify(manifest));
    expect((await xinshuNode('init', '--data', data, '--manifest', file)).status).to.equal(0);
    expect((await xinshuNode('init', '--data', data, '--manifest', file)).err).to.contain('NODE_DATA_EXISTS');
    expect((await xinshuNode('status', '--data', data)).err).to.contain('NODE_ENGINE_UNREACHABLE');

    const metricsPort = await freePort();
    const ledger = spawn(process.execPath, [cli, 'up', '--data', data, '--metrics-port', String(metricsPort)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const ended = once(ledger, 'exit');
      await once(createInterface({ input: ledger.stdout }), 'line');
      expect((await xinshuNode('up', '--data', data)).err).to.contain('NODE_DATA_LOCKED');
      expect((await xinshuNode('members', '--data', data)).err).to.contain('NODE_NOT_DEPLOYED');

      const documents = join(folder, 'documents');
      mkdirSync(documents);
      for (const document of testMemberDocuments(manifest)) writeFileSync(join(documents, `${document.id}.json`), JSON.stringify(document));
      const deployed = await xinshuNode('deploy', '--data', data, '--members', documents, '--json');
      expect(deployed.status, deployed.err).to.equal(0);
      const { directory } = JSON.parse(deployed.out) as { directory: string };

      const members = await xinshuNode('members', '--data', data);
      const lines = members.out.trimEnd().split('\n');
      expect(lines.map((line) => line.split(/\s+/)[0])).to.deep.equal(['id', ...manifest.members.map(({ id }) => id)]);
      expect(members.out).to.contain('长安银行');

      const status = JSON.parse((await xinshuNode('--json', 'status', '--data', data)).out) as Record<string, unknown>;
      expect(status).to.deep.include({
        ok: true,
        chainId: manifest.chainId,
        height: foundingSteps(manifest),
        members: { active: 6, all: 6 },
      });
      expect((status.deployment as { directory: string }).directory).to.equal(directory);
      expect((await xinshuNode('status', '--data', data)).out).to.contain('6 active of 6');

      const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      expect(metrics).to.match(/^xinshu_node_up\{member=""\} 1$/m);
      expect(metrics).to.match(/^xinshu_node_writing\{member=""\} 1$/m);
      expect(metrics).to.match(new RegExp(`^xinshu_node_block_number\\{member=""\\} ${foundingSteps(manifest)}$`, 'm'));
      expect(metrics).to.match(/^xinshu_node_disk_bytes [1-9]/m);

      ledger.kill('SIGTERM');
      expect((await ended)[0]).to.equal(0);
    } finally {
      ledger.kill('SIGKILL');
    }
  });
});
