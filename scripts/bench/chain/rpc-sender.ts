import { Pool } from 'undici';

type Answer = { readonly id: number; readonly result?: unknown; readonly error?: { readonly message: string } };

/** JSON-RPC by batches over connections kept alive. */
export class RpcSender {
  readonly #pool: Pool;

  constructor(endpoint: string) {
    this.#pool = new Pool(endpoint, { connections: 8, pipelining: 1 });
  }

  /** The results in the order of the calls. Rejects when any call is refused. */
  async calls(method: string, params: readonly (readonly unknown[])[]): Promise<readonly unknown[]> {
    const calls = params.map((one, id) => ({ jsonrpc: '2.0', id, method, params: one }));
    const { body } = await this.#pool.request({
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(calls),
    });
    const answers = (await body.json()) as readonly Answer[];
    return answers.map(({ result, error }) => {
      if (error !== undefined) throw new Error(`${method}: ${error.message}`);
      return result;
    });
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}
