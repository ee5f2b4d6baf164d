import { randomInt } from 'node:crypto';
import type { EngineKind } from '../../node/engines/engine.ts';
import { demoManifest } from '../../node/manifest/demo.ts';
import { portsOf } from '../../scripts/dev/network.ts';
import { requireFree } from '../../scripts/dev/ports.ts';
import { StartError } from '../../scripts/dev/start-error.ts';

/** A port base at which a whole network finds its ports free. Below 32768: where the system takes ports for outgoing connections from. */
export const freePortBase = async (engine: EngineKind = 'embedded'): Promise<number> => {
  for (let attempt = 0; ; attempt += 1) {
    const base = 20_000 + randomInt(240) * 50;
    try {
      await requireFree(portsOf(demoManifest(base, engine)));
      return base;
    } catch (error) {
      if (!(error instanceof StartError) || attempt >= 20) throw error;
    }
  }
};
