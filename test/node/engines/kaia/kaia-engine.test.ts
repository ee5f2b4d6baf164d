import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { dataFolder } from '../../../../node/data-folder.ts';
import { callRpc } from '../../../../node/engines/json-rpc.ts';
import { validatorFolder } from '../../../../node/engines/kaia/folders.ts';
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
  afterEach(() => network.remove());

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

  it('ends every validator when the process that runs them is killed', async function () {
    this.timeout(60_000);
    const parent = spawn(process.execPath, [cli, 'up', '--data', network.dataDir], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(createInterface({ input: parent.stdout }), 'line');
    expect(processesOn(network.dataDir).length).to.equal(4);
    parent.kill('SIGKILL');
    await eventually('all validators are gone', () => processesOn(network.dataDir).length === 0);
    // The folders are free: the same network starts again.
    const again = network.engine();
    await again.start();
    expect(await callRpc<string>(again.endpoint(), 'eth_chainId', [])).to.equal(`0x${network.manifest.chainId.toString(16)}`);
    await again.stop();
  });
});

/** Ids of the processes with a validator's folder in their arguments (proc(5)). */
function processesOn(dataDir: string): number[] {
  const { validators } = dataFolder(dataDir);
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && argumentsOf(pid).some((argument) => argument.startsWith(validators)));
}

function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    // Gone meanwhile.
    return [];
  }
}
