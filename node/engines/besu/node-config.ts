import { isIP } from 'node:net';
import { places } from '../../services/places.ts';
import { tomlText } from './toml.ts';

export interface BesuNodeInputs {
  readonly network: string;
  readonly member: string;
  readonly host: string;
  readonly rpcPort: number;
  readonly peerPort: number;
  /** Some host of the network is a name and not an address. */
  readonly named: boolean;
}

/**
 * config.toml of one validator: options of Besu by their names (Besu, "Options" and "Private network options"). The key's place is no part of it: whoever starts
 * the node says that.
 */
export function besuConfig({ network, member, host, rpcPort, peerPort, named }: BesuNodeInputs): string {
  const { settings, node } = places(network, member);
  return tomlText({
    'data-path': node,
    'genesis-file': `${settings}/genesis.json`,
    // Every block is executed, and every old state stays readable: an auditor may ask for any.
    'sync-mode': 'FULL',
    'data-storage-format': 'FOREST',
    'sync-min-peers': 1,
    // Peers are those of static-nodes.json; there is nothing to discover.
    'discovery-enabled': false,
    'p2p-host': host,
    'p2p-port': peerPort,
    'remote-connections-limit-enabled': false,
    ...(named ? { 'Xdns-enabled': true } : {}),
    'permissions-nodes-config-file-enabled': true,
    'permissions-accounts-config-file-enabled': true,
    'min-gas-price': 0,
    // One gateway sends all transactions of its member.
    'tx-pool': 'sequenced',
    'tx-pool-limit-by-account-percentage': 1,
    'rpc-http-enabled': true,
    'rpc-http-host': '127.0.0.1',
    'rpc-http-port': rpcPort,
    'rpc-http-api': ['ETH', 'NET', 'WEB3', 'TXPOOL', 'QBFT', 'PERM'],
    'rpc-http-max-active-connections': 300,
    'host-allowlist': ['localhost', '127.0.0.1'],
    logging: 'INFO',
  });
}

/** Whether a host is a name: Besu takes one in an enode URL only if it is told to (Besu, "Node keys", Domain name support). */
export const isHostName = (host: string): boolean => isIP(host) === 0;
