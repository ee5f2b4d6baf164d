import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { EmbeddedEngine } from '../../../../node/engines/embedded/embedded-engine.ts';
import { makeLedgerFolder } from '../../../helpers/embedded-network.ts';
import { nodeErrorOf } from '../../node-error-of.ts';

const main = fileURLToPath(new URL('../../../../node/engines/embedded/main.ts', import.meta.url));

describe('embedded engine process', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await makeLedgerFolder();
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  it('NODE_DATA_LOCKED: a second process on the same folder, and the first goes on', async () => {
    const first = new EmbeddedEngine({ dataDir, port: 0 });
    await first.start();
    expect((await nodeErrorOf(new EmbeddedEngine({ dataDir, port: 0 }).start())).code).to.equal('NODE_DATA_LOCKED');
    expect((await first.health()).ok).to.equal(true);
    await first.stop();
  });

  it('NODE_PORT_IN_USE, and the folder is free again', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as { port: number };
    const error = await nodeErrorOf(new EmbeddedEngine({ dataDir, port }).start());
    expect([error.code, error.detail.port]).to.deep.equal(['NODE_PORT_IN_USE', port]);
    blocker.close();
    const engine = new EmbeddedEngine({ dataDir, port: 0 });
    await engine.start();
    await engine.stop();
  });

  it('NODE_ENGINE_FAILED: a port that is none, and the folder stays free', async () => {
    expect((await nodeErrorOf(new EmbeddedEngine({ dataDir, port: 70_000 }).start())).code).to.equal('NODE_ENGINE_FAILED');
    const engine = new EmbeddedEngine({ dataDir, port: 0 });
    await engine.start();
    await engine.stop();
  });

  it('NODE_DATA_MISSING: a folder without a ledger', async () => {
    rmSync(dataDir, { recursive: true });
    expect((await nodeErrorOf(new EmbeddedEngine({ dataDir, port: 0 }).start())).code).to.equal('NODE_DATA_MISSING');
  });

  it('tells its owner when it dies, and not when it is stopped', async () => {
    const crashes: unknown[] = [];
    const crashed = new Promise<void>((resolve) => {
      const engine = new EmbeddedEngine({
        dataDir,
        port: 0,
        onCrash: (_, signal) => {
          crashes.push(signal);
          resolve();
        },
      });
      void engine.start().then(() => process.kill(engine.pid as number, 'SIGKILL'));
    });
    await crashed;
    const stopped = new EmbeddedEngine({ dataDir, port: 0, onCrash: () => crashes.push('stopped') });
    await stopped.start();
    await stopped.stop();
    expect(crashes).to.deep.equal(['SIGKILL']);
    expect((await nodeErrorOf(stopped.health())).code).to.equal('NODE_ENGINE_UNREACHABLE');
  });

  it('ends cleanly when the process that started it is gone', async () => {
    const engine = spawn(process.execPath, [main, '--data', dataDir, '--with-parent'], { stdio: ['pipe', 'pipe', 'ignore'] });
    await once(createInterface({ input: engine.stdout }), 'line');
    const ended = once(engine, 'exit');
    engine.stdin.destroy();
    expect((await ended)[0]).to.equal(0);
  });
});
