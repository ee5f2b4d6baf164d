import { EmbeddedEngine, type EmbeddedEngineOptions } from '../engines/embedded/embedded-engine.ts';
import { NodeError } from '../errors.ts';
import { openNetwork } from './open-network.ts';

/** Starts the embedded engine of a folder as a process that ends with this one. Errors: those of openNetwork and Engine.start; NODE_ENGINE_UNSUPPORTED for another engine. */
export async function startEngine(
  dataDir: string,
  hooks: Pick<EmbeddedEngineOptions, 'onLog' | 'onCrash'> & { readonly port?: number } = {},
): Promise<EmbeddedEngine> {
  const { engine } = openNetwork(dataDir);
  if (engine.kind !== 'embedded') throw new NodeError('NODE_ENGINE_UNSUPPORTED', { engine: engine.kind });
  const running = new EmbeddedEngine({ ...hooks, dataDir, port: hooks.port ?? engine.port });
  await running.start();
  return running;
}
