import { isIPv6 } from 'node:net';

/** Where a node of the ledger is reached, and the key it proves to have. */
export interface NodeAddress {
  /** 64 bytes, lower-case hex without prefix. */
  readonly publicKey: string;
  readonly host: string;
  readonly port: number;
}

const form = /^enode:\/\/([0-9a-fA-F]{128})@(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]{1,253}):([1-9][0-9]{0,4})(?:\?discport=[0-9]+)?$/;

/** The enode URL (devp2p, enode.md), without a discovery port: discovery is off in a consortium. */
export function enodeUrl({ publicKey, host, port }: NodeAddress): string {
  return `enode://${publicKey.toLowerCase()}@${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** undefined: this is no enode URL. */
export function parseEnode(text: string): NodeAddress | undefined {
  const [, publicKey, host, port] = form.exec(text) ?? [];
  if (publicKey === undefined || host === undefined || port === undefined || Number(port) > 65_535) return undefined;
  return { publicKey: publicKey.toLowerCase(), host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}
