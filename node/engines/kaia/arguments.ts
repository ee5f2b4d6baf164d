import type { validatorFolder } from './folders.ts';

export interface ValidatorSettings {
  readonly member: string;
  readonly host: string;
  readonly rpcPort: number;
  readonly peerPort: number;
}

export interface KcnSettings {
  readonly folder: ReturnType<typeof validatorFolder>;
  readonly chainId: number;
  readonly validator: ValidatorSettings;
  readonly address: string;
}

/** What a transaction may cost by Kaia's own measure beside gas. Its default fits 100 ms of a public network; all validators must have the same. */
const computationLimit = 10_000_000_000;

/** The arguments that kcn runs with: peers from the file alone, JSON-RPC on loopback, every old state kept, no price. */
export function runArguments({ folder, chainId, validator, address }: KcnSettings): string[] {
  return [
    ['--datadir', folder.node],
    ['--nodekey', folder.key],
    ['--networkid', String(chainId)],
    ['--nodiscover'],
    ['--port', String(validator.peerPort)],
    ['--nat', 'none'],
    ['--ntp.disable'],
    ['--ipcdisable'],
    ['--rpc'],
    ['--rpcaddr', '127.0.0.1'],
    ['--rpcport', String(validator.rpcPort)],
    ['--rpcapi', 'eth,net,web3,txpool,istanbul'],
    ['--rpcvhosts', 'localhost,127.0.0.1'],
    ['--syncmode', 'full'],
    ['--gcmode', 'archive'],
    ['--txpool.pricelimit', '0'],
    ['--opcode-computation-cost-limit', String(computationLimit)],
    ['--rewardbase', address],
    // Warnings and errors: the blocks themselves are better seen on the chain.
    ['--verbosity', '2'],
  ].flat();
}

export interface Peer {
  readonly host: string;
  readonly peerPort: number;
  readonly publicKey: string;
}

/** The URLs that kcn connects to (static-nodes.json). `ntype=cn`: a consensus node. */
export function staticNodes(peers: readonly Peer[]): string[] {
  return peers.map(({ host, peerPort, publicKey }) => {
    const name = host.includes(':') ? `[${host}]` : host;
    return `kni://${publicKey}@${name}:${peerPort}?discport=0&ntype=cn`;
  });
}
