import { NodeError } from '../errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { engineOf } from '../network/engine-of.ts';
import { nodeStates } from '../network/node-states.ts';
import { systemClock } from '../system-clock.ts';

/** Where the chain answers: `given`, else the first of the network's nodes that does. Errors: NODE_ENGINE_UNREACHABLE. */
export async function endpointOf(manifest: Manifest, dataDir: string, given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  const seen = await nodeStates(engineOf(manifest, dataDir), systemClock);
  const answering = seen.find(({ state }) => state !== undefined);
  if (answering === undefined) throw new NodeError('NODE_ENGINE_UNREACHABLE', { endpoint: seen.map(({ endpoint }) => endpoint).join(' ') });
  return answering.endpoint;
}
