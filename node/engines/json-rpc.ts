import { NodeError } from '../errors.ts';

const patience = 3_000;

interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly message?: string };
}

/** One call of JSON-RPC. Errors: NODE_ENGINE_UNREACHABLE, also where the node answers with an error. */
export async function callRpc<T>(endpoint: string, method: string, params: readonly unknown[]): Promise<T> {
  try {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(endpoint, { method: 'POST', headers, body, signal: AbortSignal.timeout(patience) });
    const { result, error } = (await response.json()) as Answer;
    if (result === undefined || result === null) throw new Error(error?.message ?? `${method} was answered with nothing`);
    return result as T;
  } catch (error) {
    throw new NodeError('NODE_ENGINE_UNREACHABLE', { endpoint }, { cause: error });
  }
}
