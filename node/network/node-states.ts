import type { Clock } from '../clock.ts';
import { NodeError } from '../errors.ts';
import type { LedgerNode, NetworkEngine, NodeState } from './network-engine.ts';

/** A node with its state; undefined: it does not answer. */
export type SeenNode = LedgerNode & { readonly state: NodeState | undefined };

/** All nodes of the network as they stand, asked side by side. `url`: that node alone. */
export function nodeStates(engine: NetworkEngine, clock: Clock, url?: string): Promise<SeenNode[]> {
  const nodes = url === undefined ? engine.nodes : [{ member: undefined, endpoint: url }];
  return Promise.all(nodes.map(async (node) => ({ ...node, state: await engine.state(node, clock).catch(unlessUnreachable) })));
}

/** The first node that answers. Errors: NODE_ENGINE_UNREACHABLE if none does. */
export async function answeringNode(
  engine: NetworkEngine,
  clock: Clock,
  url?: string,
): Promise<LedgerNode & { readonly state: NodeState }> {
  const seen = await nodeStates(engine, clock, url);
  for (const { state, ...node } of seen) if (state !== undefined) return { ...node, state };
  throw new NodeError('NODE_ENGINE_UNREACHABLE', { endpoint: seen.map(({ endpoint }) => endpoint).join(' ') });
}

function unlessUnreachable(error: unknown): undefined {
  if (error instanceof NodeError && error.code === 'NODE_ENGINE_UNREACHABLE') return undefined;
  throw error;
}
