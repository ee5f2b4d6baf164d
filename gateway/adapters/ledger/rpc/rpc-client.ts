import { Agent } from 'undici';

export type RpcCall = { readonly method: string; readonly params: readonly unknown[] };
export type RpcOutcome = { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: RpcError };

/** The node answered, with an error of JSON-RPC. `data` is the revert data where the node gives it. */
export class RpcError extends Error {
  readonly code: number;
  readonly data: string | undefined;
  constructor(code: number, message: string, data: string | undefined) {
    super(message);
    this.name = 'RpcError';
    this.code = code;
    this.data = data;
  }
}

/** No answer, a late one, or one that is not JSON-RPC: nothing is known of what the node did with the request. */
export class RpcUnreachable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RpcUnreachable';
  }
}

export interface RpcClient {
  /** Throws RpcError or RpcUnreachable. */
  call(method: string, params: readonly unknown[]): Promise<unknown>;
  /** One HTTP request; outcomes in the order of the calls. Throws RpcUnreachable. */
  batch(calls: readonly RpcCall[]): Promise<readonly RpcOutcome[]>;
}

const methodNotFound = -32601;
export const isMethodNotFound = (error: unknown): boolean => error instanceof RpcError && error.code === methodNotFound;

type Answer = {
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: { code?: unknown; message?: unknown; data?: unknown } | null;
};

/** Undici's own request and not fetch, which needs several times the processor time: every gateway asks for the newest block ten times a second. */
const agent = new Agent({ keepAliveTimeout: 4_000 });

/** JSON-RPC 2.0 over HTTP POST. Each request ends within `timeoutMs`. */
export const rpcClient = (url: string, timeoutMs: number): RpcClient => {
  const { origin, pathname, search } = new URL(url);
  const target = { origin, path: `${pathname}${search}`, method: 'POST', headers: { 'content-type': 'application/json' } } as const;
  const post = async (body: unknown): Promise<unknown> => {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), timeoutMs);
    try {
      const answer = await agent.request({ ...target, body: JSON.stringify(body), signal: late.signal });
      return await answer.body.json();
    } catch (cause) {
      throw new RpcUnreachable('no answer from the ledger node', { cause });
    } finally {
      clearTimeout(timer);
    }
  };

  const outcome = (answer: unknown): RpcOutcome => {
    if (typeof answer !== 'object' || answer === null) throw new RpcUnreachable('not an answer of JSON-RPC');
    const { result, error } = answer as Answer;
    if (error !== undefined && error !== null) return { ok: false, error: errorOf(error) };
    if (result === undefined) throw new RpcUnreachable('an answer with neither result nor error');
    return { ok: true, result };
  };

  return {
    call: async (method, params) => {
      const answered = outcome(await post({ jsonrpc: '2.0', id: 1, method, params }));
      if (!answered.ok) throw answered.error;
      return answered.result;
    },
    batch: async (calls) => {
      if (calls.length === 0) return [];
      const answers = await post(calls.map(({ method, params }, id) => ({ jsonrpc: '2.0', id, method, params })));
      if (!Array.isArray(answers)) throw new RpcUnreachable('a batch was not answered as one');
      // Answers may come in any order (JSON-RPC 2.0 section 6).
      const byId = new Map(answers.map((answer: Answer) => [answer?.id, answer]));
      return calls.map((_, id) => outcome(byId.get(id)));
    },
  };
};

const errorOf = (error: NonNullable<Answer['error']>): RpcError => {
  const nested = typeof error.data === 'object' && error.data !== null ? (error.data as { data?: unknown }).data : error.data;
  return new RpcError(
    typeof error.code === 'number' ? error.code : 0,
    typeof error.message === 'string' ? error.message : 'unknown error',
    typeof nested === 'string' && nested.startsWith('0x') ? nested : undefined,
  );
};
