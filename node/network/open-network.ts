import { existsSync } from 'node:fs';
import { dataFolder } from '../data-folder.ts';
import { NodeError } from '../errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { readManifestFile } from '../manifest/manifest-file.ts';

/** The manifest of a data folder that `initNetwork` finished. Errors: NODE_DATA_MISSING, NODE_DATA_HALF_MADE, and those of readManifestFile. */
export function openNetwork(dataDir: string): Manifest {
  const folder = dataFolder(dataDir);
  const manifest = readManifestFile(folder.manifest);
  if (manifest !== undefined) return manifest;
  throw new NodeError(existsSync(folder.deployerPassphrase) ? 'NODE_DATA_HALF_MADE' : 'NODE_DATA_MISSING', { folder: dataDir });
}
