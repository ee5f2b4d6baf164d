import { memberCommands } from './member-commands.ts';
import { places, programs } from './places.ts';
import { serviceNames } from './service-names.ts';
import { unitText } from './unit-file.ts';

/** Metrics of the ledger's process. */
const ledgerMetricsPort = 9_460;

/** A validator's node and its keeper. `%d` is where systemd puts the credentials of a unit (systemd.unit, Specifiers). */
export function besuUnits(network: string, member: string, metricsPort: number): Readonly<Record<string, string>> {
  const { nodeKey, stateDirectory } = places(network, member);
  const { besu, keeper } = memberCommands(network, member);
  const names = serviceNames(member);
  return {
    [`${names.node}.service`]: unitText({
      description: `Besu validator of ${member} in ${network}`,
      exec: [programs.besu, ...besu('%d/node.key')],
      credentials: { 'node.key': nodeKey },
      stateDirectory,
      stopSeconds: 120,
    }),
    [`${names.keeper}.service`]: unitText({
      description: `Allowlists of the node of ${member} in ${network}`,
      after: [`${names.node}.service`],
      exec: keeper(metricsPort),
      stateDirectory,
      stopSeconds: 30,
    }),
  };
}

export function gatewayUnit(network: string, member: string): Readonly<Record<string, string>> {
  const { stateDirectory } = places(network, member);
  const names = serviceNames(member);
  return {
    [`${names.gateway}.service`]: unitText({
      description: `Gateway of ${member} in ${network}`,
      after: [`${names.node}.service`],
      exec: memberCommands(network, member).gateway,
      stateDirectory,
      stopSeconds: 60,
    }),
  };
}

/** The process that runs the whole ledger, where the engine has one. No member's id holds an underscore. */
export function ledgerUnit(network: string): Readonly<Record<string, string>> {
  const stateDirectory = `xinshu/${network}/_ledger`;
  const words = ['up', '--data', `/var/lib/${stateDirectory}`, '--metrics-port', String(ledgerMetricsPort)];
  return {
    'xinshu-ledger.service': unitText({
      description: `Ledger of ${network}`,
      exec: [programs.runtime, `${programs.xinshu}/node/cli.ts`, ...words],
      stateDirectory,
      stopSeconds: 60,
    }),
  };
}
