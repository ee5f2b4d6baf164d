import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { keccak256 } from 'ethers';
import { EmbeddedEngine } from '../../../../node/engines/embedded/embedded-engine.ts';
import { makeLedgerFolder } from '../../../helpers/embedded-network.ts';
import { rpc } from '../conformance.ts';
import { connect } from '../probe-contract.ts';
import { rawTransaction, testWallet } from './in-process.ts';

const main = fileURLToPath(new URL('../../../../node/engines/embedded/main.ts', import.meta.url));

interface Answer {
  readonly result?: string;
  readonly error?: { code: number; message: string };
}

describe('a disk that is full', () => {
  it('gets the transaction an error, stops the process, and leaves every answered block and nothing by halves', async function () {
    // The kernel refuses writes past the limit (EFBIG) as it does on a full disk; only POSIX shells can set it.
    if (process.platform !== 'linux') return this.skip();
    this.timeout(60_000);
    const dataDir = await makeLedgerFolder();
    const limited = `trap '' XFSZ; ulimit -f 96; exec "$0" "$@"`;
    const engine = spawn('bash', ['-c', limited, process.execPath, main, '--data', dataDir], { stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    engine.stderr.on('data', (chunk) => {
      log += String(chunk);
    });
    try {
      const ended = once(engine, 'close') as Promise<[number | null]>;
      const [line] = (await once(createInterface({ input: engine.stdout }), 'line')) as [string];
      const { endpoint } = JSON.parse(line) as { endpoint: string };
      const taken: string[] = [];
      let refused: Answer['error'];
      for (let nonce = 0; nonce < 2_000 && refused === undefined; nonce += 1) {
        const raw = `0x${Buffer.from(await rawTransaction(testWallet(1), nonce)).toString('hex')}`;
        const answer = (await rpc(endpoint, 'eth_sendRawTransaction', [raw])) as Answer;
        refused = answer.error;
        if (answer.result !== undefined) taken.push(keccak256(raw));
      }
      expect(refused?.code).to.equal(-32603);
      expect((await ended)[0]).to.equal(1);
      expect(log).to.contain('NODE_WRITE_FAILED');
      expect(taken.length).to.be.greaterThan(0);

      const again = new EmbeddedEngine({ dataDir, port: 0 });
      await again.start();
      const chain = connect(again.endpoint());
      for (const hash of taken) expect((await chain.getTransactionReceipt(hash))?.status, hash).to.equal(1);
      expect(await chain.getTransactionCount(testWallet(1).address)).to.equal(taken.length);
      chain.destroy();
      await again.stop();
    } finally {
      engine.kill('SIGKILL');
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
