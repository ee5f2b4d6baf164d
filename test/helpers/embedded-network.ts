import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolder } from '../../node/data-folder.ts';
import { EmbeddedEngine } from '../../node/engines/embedded/embedded-engine.ts';
import { createEmbeddedLedger } from '../../node/engines/embedded/embedded-ledger.ts';
import type { Genesis } from '../../node/engines/embedded/genesis.ts';
import { writeGenesisFile } from '../../node/engines/embedded/genesis-file.ts';

export const testGenesis: Genesis = { version: 1, network: 'test', chainId: 619_900, timestamp: 1_700_000_000, gasLimit: 100_000_000 };

/** A fresh data folder with an empty ledger in it, below the system's temporary folder. */
export async function makeLedgerFolder(genesis: Genesis = testGenesis): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'xinshu-ledger-'));
  const folder = dataFolder(dataDir);
  mkdirSync(folder.root, { recursive: true });
  writeGenesisFile(folder.genesis, genesis);
  await createEmbeddedLedger(folder.ledger, genesis);
  return dataDir;
}

export interface TestLedger {
  readonly engine: EmbeddedEngine;
  readonly dataDir: string;
  readonly endpoint: string;
  /** Stops the engine and removes the folder. */
  remove(): Promise<void>;
}

/** An embedded engine in a process of its own on a free port with a fresh ledger: what a test needs as a chain. Takes about a second. */
export async function startTestLedger(genesis: Genesis = testGenesis): Promise<TestLedger> {
  const dataDir = await makeLedgerFolder(genesis);
  const engine = new EmbeddedEngine({ dataDir, port: 0 });
  await engine.start();
  return {
    engine,
    dataDir,
    endpoint: engine.endpoint(),
    remove: async () => {
      await engine.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
