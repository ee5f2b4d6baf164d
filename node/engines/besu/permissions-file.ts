import { type Allowlist, allowlistOf } from '../../membership/allowlist.ts';
import { tomlText } from './toml.ts';

/** permissions_config.toml in the node's data directory: whom it connects to and whose transactions it takes (Besu, "Use local permissioning"). */
export function permissionsText({ nodes, accounts }: Allowlist): string {
  return tomlText({ 'nodes-allowlist': nodes, 'accounts-allowlist': accounts });
}

/**
 * What a permissions file allows, as far as it can be made out: its quoted enode URLs and addresses. A file that people or Besu rewrote need not look like ours;
 * one that can't be read as a list reads as one that allows less, and is put right.
 */
export function readPermissions(text: string): Allowlist {
  const quoted = [...withoutComments(text).matchAll(/"([^"\n]*)"|'([^'\n]*)'/g)].map(([, basic, literal]) => basic ?? literal ?? '');
  return allowlistOf(
    quoted.filter((item) => item.startsWith('enode://')),
    quoted.filter((item) => item.startsWith('0x')),
  );
}

function withoutComments(text: string): string {
  return text.replace(/^\s*#.*$/gm, '');
}
