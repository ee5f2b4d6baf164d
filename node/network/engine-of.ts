import type { Manifest } from '../manifest/manifest.ts';
import { besuNetwork } from './besu-network.ts';
import { embeddedNetwork } from './embedded-network.ts';
import { kaiaNetwork } from './kaia-network.ts';
import type { NetworkEngine } from './network-engine.ts';

/** The one place that asks which engine it is. */
export function engineOf(manifest: Manifest, dataDir: string): NetworkEngine {
  const { engine } = manifest;
  switch (engine.kind) {
    case 'embedded':
      return embeddedNetwork(manifest, engine.port, dataDir);
    case 'kaia':
      return kaiaNetwork(manifest, engine.validators, dataDir);
    case 'besu':
      return besuNetwork(manifest, engine.validators, dataDir);
  }
}
