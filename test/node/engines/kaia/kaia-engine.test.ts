import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { dataFolder } from '../../../../node/data-folder.ts';
import { validatorFolder } from '../../../../node/engines/kaia/folders.ts';
import { processesNaming } from '../../../e2e/processes.ts';
import { eventually } from '../../../helpers/eventually.ts';
import { describeOnKaia, makeKaiaNetwork, type TestValidators } from '../../../helpers/kaia-network.ts';
import { nodeErrorOf } from '../../node-error-of.ts';

const cli = fileURLToPath(new URL('../../../../node/cli.ts', import.meta.url));

describeOnKaia('validators as processes', (binaries) => {
  let network: TestValidators;
  const key = (member: string) => validatorFolder(dataFolder(network.dataDir).validators, member).key;
  beforeEach(async () => {
    network = await makeKaiaNetwork(binaries);
  });
  const left: { kill(): unknown }[] = [];
  afterEach(async () => {
    for (const one of left.splice(0)) await one.kill();
    await network.remove();
  });

  it('NODE_PORT_IN_USE: names the port, and starts nothing', async () => {
    const port = network.validators[2]?.ports.peer as number;
    const blocker = createServer().listen(port, '127.0.0.1');
    await once(blocker, 'listening');
    const engine = network.engine();
    const error = await nodeErrorOf(engine.start());
    expect([error.code, error.detail.port]).to.deep.equal(['NODE_PORT_IN_USE', port]);
    expect(engine.validators.map(({ pid }) => pid)).to.deep.equal([undefined, undefined, undefined, undefined]);
    blocker.close();
  });

  it('NODE_KEY_UNREADABLE: a key that is missing or none, and does not show it', async () => {
    writeFileSync(key('chain-hub'), '1234-secret\n');
    const damaged = await nodeErrorOf((async () => network.engine())());
    expect([damaged.code, damaged.detail.file]).to.deep.equal(['NODE_KEY_UNREADABLE', key('chain-hub')]);
    expect(JSON.stringify(damaged, Object.getOwnPropertyNames(damaged))).to.not.contain('1234-secret');
    rmSync(key('chain-hub'));
    expect((await nodeErrorOf((async () => network.engine())())).code).to.equal('NODE_KEY_UNREADABLE');
  });

  it('NODE_ENGINE_FAILED: a genesis that kcn refuses, with the end of its log, and leaves nothing running', async () => {
    writeFileSync(dataFolder(network.dataDir).genesis, '{}');
    const engine = network.engine();
    const error = await nodeErrorOf(engine.start());
    expect(error.code).to.equal('NODE_ENGINE_FAILED');
    expect(error.detail.reason).to.match(/kcn init ended with [1-9]/);
    expect(error.detail.log).to.match(/genesis/i);
    expect(engine.validators.every(({ pid }) => pid === undefined)).to.equal(true);
  });

  it('xinshu-node up runs them, starts one again that died, shows each in status, and takes them along when it is killed', async function () {
    this.timeout(120_000);
    const parent = spawn(process.execPath, [cli, 'up', '--data', network.dataDir, '--json'], { stdio: ['ignore', 'pipe', 'ignore'] });
    left.push({ kill: () => parent.kill('SIGKILL') });
    let said = '';
    parent.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await eventually('the network is up', () => said.endsWith('}\n'));
    const up = JSON.parse(said) as { validators: unknown };
    const nodes = network.validators.map(({ member, ports }) => ({ member, endpoint: `http://127.0.0.1:${ports.rpc}` }));
    expect(up.validators).to.deep.equal(nodes);

    const folder = (member: string) => validatorFolder(dataFolder(network.dataDir).validators, member).node;
    const pids = () => [...processesNaming(folder('grid-qinchuan')).keys()];
    const [victim] = pids();
    expect(victim).to.be.a('number');
    process.kill(victim as number, 'SIGKILL');
    await eventually('it is started again', () => pids().some((pid) => pid !== victim));
    await eventually(
      'all are well',
      async () => {
        const { validators } = await statusOf(network.dataDir);
        return validators.every(({ ok, peers, height }) => ok && peers === 3 && height > 0);
      },
      60_000,
    );
    const { validators, finality } = await statusOf(network.dataDir);
    expect(finality).to.deep.equal({ kind: 'immediate', tag: 'latest' });
    expect(validators.map(({ member, endpoint }) => ({ member, endpoint }))).to.deep.equal(nodes);
    expect(validators.map(({ sector }) => sector)).to.deep.equal(['government', 'finance', 'utilities', 'supply-chain']);

    parent.kill('SIGKILL');
    await eventually('all validators are gone', () => processesNaming(dataFolder(network.dataDir).validators).size === 0);
    const engine = network.engine();
    left.push({ kill: () => engine.stop() });
    await engine.start();
    await engine.validator('gov-credit').kill();
    const { validators: seen, height } = await statusOf(network.dataDir);
    expect(seen.map(({ up: answers }) => answers)).to.deep.equal([false, true, true, true]);
    expect(height).to.be.at.least(1);
  });
});

interface Status {
  readonly height: number;
  readonly finality: object;
  readonly validators: { member: string; sector: string; endpoint: string; up: boolean; ok: boolean; peers: number; height: number }[];
}

async function statusOf(dataDir: string): Promise<Status> {
  const { stdout } = await promisify(execFile)(process.execPath, [cli, 'status', '--data', dataDir, '--json']);
  return JSON.parse(stdout) as Status;
}
