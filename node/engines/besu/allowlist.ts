import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeError } from '../../errors.ts';
import { writeFileDurably } from '../../json-file.ts';
import { allowlistOf } from '../../membership/allowlist.ts';
import type { AllowlistPort } from '../../membership/allowlist-port.ts';
import { askNode } from '../ask-node.ts';
import { staticNodesText } from './network-files.ts';
import { permissionsText, readPermissions } from './permissions-file.ts';

export interface BesuAllowlistOptions {
  /** The node's data directory. */
  readonly folder: string;
  /** Its JSON-RPC, with the PERM methods. */
  readonly endpoint: string;
}

/** The local permissioning of a Besu node (Besu, "Use local permissioning" and "PERM methods"). */
export function besuAllowlist({ folder, endpoint }: BesuAllowlistOptions): AllowlistPort {
  const permissions = join(folder, 'permissions_config.toml');
  const staticNodes = join(folder, 'static-nodes.json');
  const perm = async (method: string): Promise<unknown> => {
    const answer = await askNode(endpoint, `perm_${method}`, []);
    if ('refusal' in answer) throw new NodeError('NODE_ALLOWLIST_REFUSED', { method: `perm_${method}`, reason: answer.refusal });
    return answer.result;
  };
  return {
    holds: (wanted) => readText(permissions) === permissionsText(wanted) && readText(staticNodes) === staticNodesText(wanted),
    stored: () => readPermissions(readText(permissions) ?? ''),
    store: (wanted) => {
      try {
        // Besu does not start while a static node is not allowed, so at every moment the static nodes are among the allowed.
        const allowed = new Set(readPermissions(readText(permissions) ?? '').nodes);
        replace(staticNodes, staticNodesText({ nodes: wanted.nodes.filter((node) => allowed.has(node)) }));
        replace(permissions, permissionsText(wanted));
        replace(staticNodes, staticNodesText(wanted));
      } catch (error) {
        throw new NodeError('NODE_ALLOWLIST_UNWRITABLE', { folder }, { cause: error });
      }
    },
    running: async () => {
      try {
        const [nodes, accounts] = await Promise.all([perm('getNodesAllowlist'), perm('getAccountsAllowlist')]);
        return allowlistOf(texts(nodes), texts(accounts));
      } catch (error) {
        if (error instanceof NodeError && error.code === 'NODE_ENGINE_UNREACHABLE') return undefined;
        throw error;
      }
    },
    reload: async () => {
      await perm('reloadPermissionsFromFile');
    },
  };
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function replace(file: string, text: string): void {
  if (readText(file) !== text) writeFileDurably(file, text);
}

function texts(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}
