import { stringify } from 'yaml';
import { memberCommands } from './member-commands.ts';
import { places, programs } from './places.ts';
import { serviceNames } from './service-names.ts';

/** Names of images, pinned by version. Where they come from is the operator's to say. */
const images = { besu: 'hyperledger/besu:26.1.0', node: 'node:24.21.0' } as const;

/** The account that both images know as their own. */
const user = '1000:1000';

export interface ComposeInputs {
  readonly network: string;
  readonly member: string;
  /** Port of the keeper's metrics, where the member runs a validator. */
  readonly keeperMetricsPort: number | undefined;
}

/**
 * The same services for Docker Compose. They use the host's network, as the manifest's hosts and ports are the host's, and JSON-RPC stays on its loopback. The
 * node's key is mounted from where it lies.
 */
export function composeText({ network, member, keeperMetricsPort }: ComposeInputs): string {
  const { settings, state, nodeKey } = places(network, member);
  const { besu, keeper, gateway } = memberCommands(network, member);
  const names = serviceNames(member);
  const common = { user, network_mode: 'host', restart: 'always', security_opt: ['no-new-privileges:true'] };
  const mounts = [`${settings}:${settings}:ro`, `${state}:${state}`];
  const ours = { image: images.node, ...common, volumes: [`${programs.xinshu}:${programs.xinshu}:ro`, ...mounts] };
  const validator = {
    [names.node]: { image: images.besu, ...common, stop_grace_period: '2m', command: besu(nodeKey), volumes: mounts },
    [names.keeper]: { ...ours, depends_on: [names.node], command: keeper(keeperMetricsPort ?? 0) },
  };
  const services = {
    ...(keeperMetricsPort === undefined ? {} : validator),
    [names.gateway]: { ...ours, stop_grace_period: '1m', command: gateway },
  };
  return stringify({ name: `xinshu-${network}-${member.replaceAll('.', '-')}`, services }, { lineWidth: 0, aliasDuplicateObjects: false });
}
