import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

/**
 * Stands in for a Besu node's PERM methods, since Besu is in no package registry and can't run here. It does what Besu's documentation says of them ("PERM
 * methods", "Use local permissioning") and nothing else; every other call goes to a real ledger.
 */
export interface PermStandIn {
  readonly endpoint: string;
  readonly nodes: ReadonlySet<string>;
  readonly accounts: ReadonlySet<string>;
  /** Methods in the order they were called. */
  readonly calls: readonly string[];
  /** What an operator does by hand, here on the running node alone. */
  allowByHand(node: string): void;
  /** The node answers these calls with an error from now on. */
  refuse(...methods: string[]): void;
  close(): Promise<void>;
}

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** Reads one array of strings of a TOML file, in the form that Besu's documentation shows. */
const tomlArray = (text: string, key: string): string[] => {
  const body = new RegExp(`^${key}\\s*=\\s*\\[([^\\]]*)\\]`, 'm').exec(text)?.[1];
  if (body === undefined) throw new Error(`no ${key}`);
  return body
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => JSON.parse(item) as string);
};

export async function startPermStandIn(folder: string, ledger: string): Promise<PermStandIn> {
  const nodes = new Set<string>();
  const accounts = new Set<string>();
  const calls: string[] = [];
  const refused = new Set<string>();
  const load = () => {
    const text = readFileSync(join(folder, 'permissions_config.toml'), 'utf8');
    const read = [tomlArray(text, 'nodes-allowlist'), tomlArray(text, 'accounts-allowlist')] as const;
    for (const [set, list] of [[nodes, read[0]] as const, [accounts, read[1]] as const]) {
      set.clear();
      for (const item of list) set.add(item);
    }
  };
  const answer = (method: string): unknown => {
    if (method === 'perm_getNodesAllowlist') return [...nodes];
    if (method === 'perm_getAccountsAllowlist') return [...accounts];
    if (method !== 'perm_reloadPermissionsFromFile') throw new Error('Method not found');
    load();
    return 'Success';
  };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const call = JSON.parse(body) as Call;
    response.setHeader('content-type', 'application/json');
    if (!call.method?.startsWith('perm_')) {
      const passed = await fetch(ledger, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      response.end(await passed.text());
      return;
    }
    calls.push(call.method);
    try {
      if (refused.has(call.method)) throw new Error('Method not enabled');
      response.end(JSON.stringify({ jsonrpc: '2.0', id: call.id, result: answer(call.method) }));
    } catch (error) {
      response.end(JSON.stringify({ jsonrpc: '2.0', id: call.id, error: { code: -32_604, message: (error as Error).message } }));
    }
  });
  load();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    nodes,
    accounts,
    calls,
    allowByHand: (node) => nodes.add(node),
    refuse: (...methods) => {
      refused.clear();
      for (const method of methods) refused.add(method);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
