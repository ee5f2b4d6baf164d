import { jsonText } from '../../json-file.ts';
import { type Allowlist, allowlistOf } from '../../membership/allowlist.ts';
import { enodeUrl } from '../../membership/enode.ts';
import { besuGenesis } from './genesis.ts';
import { besuConfig, isHostName } from './node-config.ts';
import { permissionsText } from './permissions-file.ts';

export interface BesuValidator {
  readonly member: string;
  readonly host: string;
  readonly rpcPort: number;
  readonly peerPort: number;
  readonly publicKey: string;
  readonly address: string;
}

export interface BesuNetworkInputs {
  readonly network: string;
  readonly chainId: number;
  readonly validators: readonly BesuValidator[];
  /** Founds the contracts, and until then is the only one to send transactions. */
  readonly deployer: string;
}

export interface BesuNetworkFiles {
  readonly genesis: string;
  /** nodes.json: whose node is which, for the keepers. */
  readonly nodes: string;
  /** By member: the files of its settings folder and of its node's data directory. */
  readonly hosts: Readonly<
    Record<string, { readonly settings: Readonly<Record<string, string>>; readonly node: Readonly<Record<string, string>> }>
  >;
}

/** Every file that the founding validators start from. The same inputs give the same bytes. */
export function besuNetworkFiles({ network, chainId, validators, deployer }: BesuNetworkInputs): BesuNetworkFiles {
  const genesis = jsonText(besuGenesis({ chainId, validators: validators.map(({ address }) => address) }));
  const enodes = Object.fromEntries(
    validators.map(({ member, publicKey, host, peerPort }) => [member, enodeUrl({ publicKey, host, port: peerPort })]),
  );
  const nodes = jsonText(enodes);
  const named = validators.some(({ host }) => isHostName(host));
  const founders = allowlistOf(Object.values(enodes), [deployer]);
  return {
    genesis,
    nodes,
    hosts: Object.fromEntries(
      validators.map((validator) => [
        validator.member,
        {
          settings: { 'genesis.json': genesis, 'nodes.json': nodes, 'config.toml': besuConfig({ network, named, ...validator }) },
          node: {
            'static-nodes.json': staticNodesText(founders),
            'permissions_config.toml': permissionsText(founders),
          },
        },
      ]),
    ),
  };
}

/**
 * static-nodes.json: the nodes to keep a connection to, the same file for all (Besu, "Static nodes"). Besu does not start while one of them is not allowed
 * (BesuCommand, ensureAllNodesAreInAllowlist).
 */
export function staticNodesText({ nodes }: Pick<Allowlist, 'nodes'>): string {
  return jsonText(nodes);
}
