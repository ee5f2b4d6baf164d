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

function unlessUnreachable(error: unknown): undefined {
  if (error instanceof NodeError && error.code === 'NODE_ENGINE_UNREACHABLE') return undefined;
  throw error;
}
