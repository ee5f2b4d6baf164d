import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Clock } from '../clock.ts';
import { dataFolder } from '../data-folder.ts';
import { createDeployerKeystore } from '../deployment/deployer-keystore.ts';
import { NodeError } from '../errors.ts';
import { writeFileDurably, writeJsonFile } from '../json-file.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { hostFiles } from '../services/host-files.ts';
import { engineOf } from './engine-of.ts';
import type { PrepareStep } from './network-engine.ts';

export type InitStep = 'deployer' | PrepareStep | 'services' | 'manifest';

/**
 * Makes the network's data folder from a valid manifest: deployer keystore, what the engine starts from, what starts the services, and last the manifest,
 * whose presence says that all is there. Interrupted, it is run again and goes on. Errors: NODE_DATA_EXISTS (and nothing is touched), NODE_DATA_OTHER_*, NODE_DATA_LOCKED.
 */
export async function initNetwork(
  manifest: Manifest,
  dataDir: string,
  clock: Clock,
  onStep: (step: InitStep) => void = () => {},
): Promise<void> {
  const engine = engineOf(manifest, dataDir);
  const folder = dataFolder(dataDir);
  if (existsSync(folder.manifest)) throw new NodeError('NODE_DATA_EXISTS', { folder: dataDir });
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });

  onStep('deployer');
  await createDeployerKeystore(folder.deployerKeystore, folder.deployerPassphrase);
  await engine.prepare(clock, onStep);
  onStep('services');
  for (const [path, text] of Object.entries(hostFiles(manifest))) {
    const file = join(folder.hosts, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileDurably(file, text);
  }
  onStep('manifest');
  writeJsonFile(folder.manifest, manifest);
}
