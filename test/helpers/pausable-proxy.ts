import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * `open`: passes everything on. `dead`: cuts every connection before the node hears of it. A number: a node that is behind, whose newest block is this one.
 */
export type ProxyMode = 'open' | 'dead' | number;

export interface PausableProxy {
  readonly endpoint: string;
  mode: ProxyMode;
  /** Methods whose requests never reach the node. */
  readonly cut: Set<string>;
  /** Methods that the node hears and whose answers are lost. */
  readonly deaf: Set<string>;
  /** Answers ranges of logs with none, as a node does that has the block and not yet its logs. */
  hidesLogs: boolean;
  /** Where it passes requests on to. */
  target: string;
  /** Methods that came in, in order. */
  readonly methods: string[];
  close(): Promise<void>;
}

type Call = { method: string; params: unknown[] };

/** A JSON-RPC node's front that can fail in the ways of a network. */
export async function startPausableProxy(target: string): Promise<PausableProxy> {
  const methods: string[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request)
      .then(async (body) => {
        const parsed = JSON.parse(body) as Call | Call[];
        const calls = Array.isArray(parsed) ? parsed : [parsed];
        methods.push(...calls.map(({ method }) => method));
        if (proxy.mode === 'dead' || calls.some(({ method }) => proxy.cut.has(method))) return response.destroy();
        if (typeof proxy.mode === 'number') for (const call of calls) lag(call, proxy.mode);
        if (proxy.hidesLogs) calls.forEach(hideLogs);
        const answer = await fetch(proxy.target, { method: 'POST', body: JSON.stringify(parsed) }).then((answered) => answered.text());
        if (calls.some(({ method }) => proxy.deaf.has(method))) return response.destroy();
        return response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
      })
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: PausableProxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mode: 'open',
    cut: new Set(),
    deaf: new Set(),
    hidesLogs: false,
    target,
    methods,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

function lag(call: Call, newest: number): void {
  if (call.method === 'eth_getBlockByNumber' && call.params[0] === 'latest') call.params[0] = `0x${newest.toString(16)}`;
}

function hideLogs({ method, params }: Call): void {
  const [filter] = params as [{ address?: string[]; fromBlock?: string }];
  if (method === 'eth_getLogs' && filter.fromBlock !== undefined) filter.address = [`0x${'00'.repeat(20)}`];
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
