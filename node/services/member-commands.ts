import { places, programs } from './places.ts';

/** Command lines of a member's services, whoever starts them. `key`: where the node finds its key. */
export function memberCommands(network: string, member: string) {
  const { settings, node, gateway } = places(network, member);
  const ours = (program: string, ...words: string[]) => [programs.runtime, `${programs.xinshu}/${program}/cli.ts`, ...words];
  return {
    besu: (key: string) => [`--config-file=${settings}/config.toml`, `--node-private-key-file=${key}`],
    keeper: (metricsPort: number) =>
      ours('node', 'keeper', '--data', settings, '--member', member, '--node-folder', node, '--metrics-port', String(metricsPort)),
    gateway: ours('gateway', 'gateway', 'run', '--dir', gateway),
  } as const;
}
