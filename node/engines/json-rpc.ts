import { NodeError } from '../errors.ts';
import { askNode } from './ask-node.ts';

/** The result of one call of JSON-RPC. Errors: NODE_ENGINE_UNREACHABLE, also where the node answers with an error. */
export async function callRpc<T>(endpoint: string, method: string, params: readonly unknown[]): Promise<T> {
  const answer = await askNode(endpoint, method, params);
  if ('result' in answer && answer.result !== undefined && answer.result !== null) return answer.result as T;
  const reason = 'refusal' in answer ? answer.refusal : `${method} was answered with nothing`;
  throw new NodeError('NODE_ENGINE_UNREACHABLE', { endpoint }, { cause: new Error(reason) });
}
