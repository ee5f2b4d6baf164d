import { existsSync, mkdirSync } from 'node:fs';
import type { Clock } from '../clock.ts';
import { dataFolder } from '../data-folder.ts';
import { createDeployerKeystore } from '../deployment/deployer-keystore.ts';
import { createEmbeddedLedger } from '../engines/embedded/embedded-ledger.ts';
import { defaultGasLimit, type Genesis } from '../engines/embedded/genesis.ts';
import { readGenesisFile, writeGenesisFile } from '../engines/embedded/genesis-file.ts';
import { NodeError } from '../errors.ts';
import { writeJsonFile } from '../json-file.ts';
import type { Manifest } from '../manifest/manifest.ts';

export type InitStep = 'deployer' | 'genesis' | 'ledger' | 'manifest';

/**
 * Makes the network's data folder from a valid manifest: deployer keystore, genesis, empty ledger, and last the manifest, whose presence says that all is there.
 * Interrupted, it is run again and goes on. Errors: NODE_DATA_EXISTS (and nothing is touched), NODE_ENGINE_UNSUPPORTED, NODE_DATA_LOCKED.
 */
export async function initNetwork(
  manifest: Manifest,
  dataDir: string,
  clock: Clock,
  onStep: (step: InitStep) => void = () => {},
): Promise<void> {
  if (manifest.engine.kind !== 'embedded') throw new NodeError('NODE_ENGINE_UNSUPPORTED', { engine: manifest.engine.kind });
  const folder = dataFolder(dataDir);
  if (existsSync(folder.manifest)) throw new NodeError('NODE_DATA_EXISTS', { folder: dataDir });
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });

  onStep('deployer');
  await createDeployerKeystore(folder.deployerKeystore, folder.deployerPassphrase);
  onStep('genesis');
  const genesis = genesisFor(manifest, folder, clock);
  onStep('ledger');
  await createLedgerOnce(folder.ledger, genesis);
  onStep('manifest');
  writeJsonFile(folder.manifest, manifest);
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
