import { rmSync } from 'node:fs';
import { EmbeddedEngine } from '../../../../node/engines/embedded/embedded-engine.ts';
import { makeLedgerFolder } from '../../../helpers/embedded-network.ts';
import type { EngineUnderTest } from '../conformance.ts';

/** A real engine process on a fresh folder. */
export async function embeddedUnderTest(): Promise<EngineUnderTest> {
  const dataDir = await makeLedgerFolder();
  let current = new EmbeddedEngine({ dataDir, port: 0 });
  return {
    engine: current,
    kill: async () => {
      if (current.pid !== undefined) process.kill(current.pid, 'SIGKILL');
      await current.stop();
    },
    again: () => {
      current = new EmbeddedEngine({ dataDir, port: 0 });
      return current;
    },
    remove: async () => {
      await current.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
