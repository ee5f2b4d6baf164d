import { existsSync } from 'node:fs';
import type { Clock } from '../clock.ts';
import { dataFolder } from '../data-folder.ts';
import { createEmbeddedLedger } from '../engines/embedded/embedded-ledger.ts';
import { embeddedFinality } from '../engines/embedded/finality.ts';
import { defaultGasLimit, type Genesis } from '../engines/embedded/genesis.ts';
import { readGenesisFile, writeGenesisFile } from '../engines/embedded/genesis-file.ts';
import { serveEmbeddedLedger } from '../engines/embedded/serve.ts';
import { fetchHealth } from '../engines/fetch-health.ts';
import { NodeError } from '../errors.ts';
import { folderBytes } from '../folder-bytes.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { NetworkEngine } from './network-engine.ts';

/** One process on one folder for the whole network. */
export function embeddedNetwork(manifest: Manifest, port: number, dataDir: string): NetworkEngine {
  const folder = dataFolder(dataDir);
  return {
    finality: embeddedFinality,
    nodes: [{ member: undefined, endpoint: `http://127.0.0.1:${port}` }],
    build: undefined,
    prepare: async (clock, onStep) => {
      onStep('genesis');
      const genesis = genesisFor(manifest, folder, clock);
      onStep('ledger');
      await createLedgerOnce(folder.ledger, genesis);
    },
    run: async ({ clock, log }) => {
      const failure = Promise.withResolvers<NodeError>();
      const report = (error: unknown) => log.error({ err: error }, 'fault while answering');
      const ledger = await serveEmbeddedLedger({ dataDir, port, clock, report, onFailure: failure.resolve });
      return { nodes: [{ member: undefined, endpoint: ledger.endpoint }], failed: failure.promise, stop: ledger.stop };
    },
    state: async ({ endpoint }) => ({ ...(await fetchHealth(endpoint)), peers: undefined }),
    diskBytes: () => folderBytes(folder.ledger),
  };
}

/** The genesis of an interrupted run if there is one, since the ledger may be made from it already. */
function genesisFor(manifest: Manifest, folder: ReturnType<typeof dataFolder>, clock: Clock): Genesis {
  const { network, chainId } = manifest;
  if (existsSync(folder.genesis)) {
    const found = readGenesisFile(folder.genesis);
    if (found.chainId !== chainId)
      throw new NodeError('NODE_DATA_OTHER_CHAIN', { folder: folder.root, found: found.chainId, expected: chainId });
    if (found.network !== network)
      throw new NodeError('NODE_DATA_OTHER_GENESIS', { folder: folder.root, found: found.network, expected: network });
    return found;
  }
  const genesis: Genesis = { version: 1, network, chainId, timestamp: Math.floor(clock.now() / 1000), gasLimit: defaultGasLimit };
  writeGenesisFile(folder.genesis, genesis);
  return genesis;
}

async function createLedgerOnce(location: string, genesis: Genesis): Promise<void> {
  try {
    await createEmbeddedLedger(location, genesis);
  } catch (error) {
    if (!(error instanceof NodeError) || error.code !== 'NODE_DATA_EXISTS') throw error;
  }
}
