import { rmSync } from 'node:fs';
import { Wallet } from 'ethers';
import { dataFolder } from '../../../../node/data-folder.ts';
import { type EmbeddedLedger, openEmbeddedLedger } from '../../../../node/engines/embedded/embedded-ledger.ts';
import type { ProducerLimits } from '../../../../node/engines/embedded/producer.ts';
import type { NodeError } from '../../../../node/errors.ts';
import { makeLedgerFolder, testGenesis } from '../../../helpers/embedded-network.ts';
import { ManualClock } from '../../../helpers/manual-clock.ts';

export interface InProcessLedger {
  readonly dataDir: string;
  readonly ledger: EmbeddedLedger;
  readonly clock: ManualClock;
  readonly failures: NodeError[];
  /** Moves the clock past the grouping time again and again until `outcome` is settled. */
  settle<T>(outcome: Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The parts of the embedded ledger in this process under a clock that the test moves, on real files. */
export async function openInProcess(limits: Partial<ProducerLimits> = {}): Promise<InProcessLedger> {
  const dataDir = await makeLedgerFolder();
  const clock = new ManualClock(testGenesis.timestamp * 1000 + 60_000);
  const failures: NodeError[] = [];
  const ledger = await openEmbeddedLedger({
    location: dataFolder(dataDir).ledger,
    genesis: testGenesis,
    clock,
    limits,
    onFailure: (error) => failures.push(error),
  });
  return {
    dataDir,
    ledger,
    clock,
    failures,
    settle: async (outcome) => {
      let settled = false;
      const mark = () => {
        settled = true;
      };
      outcome.then(mark, mark);
      for (let turn = 0; turn < 10_000 && !settled; turn += 1) {
        clock.advance(2);
        clock.setNow(clock.now() - 2);
        await new Promise((resolve) => setImmediate(resolve));
      }
      return outcome;
    },
    close: async () => {
      await ledger.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const burned = `0x${'de'.repeat(20)}`;

export function testWallet(seed: number): Wallet {
  return new Wallet(`0x${(BigInt(seed) + 1n).toString(16).padStart(64, '0')}`);
}

/** A signed transaction that does nothing, raw. */
export async function rawTransaction(wallet: Wallet, nonce: number, overrides: object = {}): Promise<Uint8Array> {
  const request = { type: 0, to: burned, nonce, gasLimit: 21_000, gasPrice: 0, chainId: testGenesis.chainId, ...overrides };
  return new Uint8Array(Buffer.from((await wallet.signTransaction(request)).slice(2), 'hex'));
}
