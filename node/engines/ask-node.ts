import { NodeError } from '../errors.ts';

const patience = 3_000;

/** What a node answers to one call: a result, or what it says against it (JSON-RPC 2.0, section 5). */
export type NodeAnswer = { readonly result: unknown } | { readonly refusal: string };

/** One call of JSON-RPC. Errors: NODE_ENGINE_UNREACHABLE. */
export async function askNode(endpoint: string, method: string, params: readonly unknown[]): Promise<NodeAnswer> {
  try {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(endpoint, { method: 'POST', headers, body, signal: AbortSignal.timeout(patience) });
    const answer = (await response.json()) as { readonly result?: unknown; readonly error?: { readonly message?: string } };
    return answer.error === undefined ? { result: answer.result } : { refusal: answer.error.message ?? 'error' };
  } catch (error) {
    throw new NodeError('NODE_ENGINE_UNREACHABLE', { endpoint }, { cause: error });
  }
}
