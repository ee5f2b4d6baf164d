import { NodeError } from '../errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { embeddedNetwork } from './embedded-network.ts';
import { kaiaNetwork } from './kaia-network.ts';
import type { NetworkEngine } from './network-engine.ts';

/** The one place that asks which engine it is. Errors: NODE_ENGINE_UNSUPPORTED. */
export function engineOf(manifest: Manifest, dataDir: string): NetworkEngine {
  const { engine } = manifest;
  switch (engine.kind) {
    case 'embedded':
      return embeddedNetwork(manifest, engine.port, dataDir);
    case 'kaia':
      return kaiaNetwork(manifest, engine.validators, dataDir);
    case 'besu':
      throw new NodeError('NODE_ENGINE_UNSUPPORTED', { engine: engine.kind });
  }
}
