import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeWhole } from '../../gateway/cli/files.ts';
import { deploy } from '../../node/deployment/deploy.ts';
import { readDeploymentFile } from '../../node/deployment/deployment-file.ts';
import type { EngineKind } from '../../node/engines/engine.ts';
import { demoManifest } from '../../node/manifest/demo.ts';
import { listenersOf } from '../../node/manifest/listeners.ts';
import type { Manifest } from '../../node/manifest/manifest.ts';
import { engineOf } from '../../node/network/engine-of.ts';
import { initNetwork } from '../../node/network/init-network.ts';
import type { LedgerNode } from '../../node/network/network-engine.ts';
import { nodeFor } from '../../node/network/node-for.ts';
import { systemClock } from '../../node/system-clock.ts';
import { gatewayFolder, type ManifestMember, prepareGateway, prepareProfiles } from './gateways.ts';
import { KeptProcess } from './process.ts';
import type { Report } from './report.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

export type Network = {
  readonly root: string;
  readonly manifest: Manifest;
  /** The first of `nodes`. */
  readonly ledgerUrl: string;
  readonly nodes: readonly LedgerNode[];
  readonly ledger: KeptProcess;
  readonly gateways: ReadonlyMap<string, KeptProcess>;
  stop(): Promise<void>;
};

export const portsOf = (manifest: Manifest): number[] => listenersOf(manifest).map(({ port }) => port);

const logFile = (root: string, name: string): string => {
  mkdirSync(join(root, 'logs'), { recursive: true });
  return join(root, 'logs', `${name}.log`);
};

const ledgerProcess = (root: string): KeptProcess =>
  new KeptProcess({
    name: 'ledger',
    args: [join(repository, 'node/cli.ts'), 'up', '--data', join(root, 'network'), '--json'],
    logFile: logFile(root, 'ledger'),
  });

const gatewayProcess = (root: string, { id }: ManifestMember): KeptProcess =>
  new KeptProcess({
    name: id,
    args: [join(repository, 'gateway/cli.ts'), 'gateway', 'run', '--dir', gatewayFolder(root, id)],
    logFile: logFile(root, id),
  });

const clientUrl = ({ host, ports }: ManifestMember): string => `http://${host}:${ports.client}`;

/** What the commands need to find the network: `network.json` beside the profiles. */
const writeNetworkFile = (root: string, manifest: Manifest, ledgerUrl: string, directory: string): void =>
  writeWhole(
    join(root, 'network.json'),
    `${JSON.stringify(
      {
        version: 1,
        chainId: manifest.chainId,
        ledger: ledgerUrl,
        directory,
        members: manifest.members.map((member) => ({
          id: member.id,
          name: member.name,
          nameZh: member.nameZh,
          sector: member.sector,
          client: clientUrl(member),
          peer: `https://${member.host}:${member.ports.peer}`,
        })),
      },
      null,
      2,
    )}\n`,
  );

/** Each gateway's configuration, written before its first start: the ledger's address is known only once the contracts are there. What is there stays. */
const writeConfigurations = (root: string, manifest: Manifest, directory: string, more: Readonly<Record<string, unknown>>): void => {
  const issuers = manifest.members.filter(({ roles }) => roles.includes('issuer')).map(({ id }) => ({ issuer: id, maxGrade: 4 }));
  for (const member of manifest.members) {
    const path = join(gatewayFolder(root, member.id), 'config.json');
    if (existsSync(path)) continue;
    const config = {
      version: 1,
      member: member.id,
      ledger: { url: nodeFor(manifest, root, member.id), chainId: manifest.chainId, directory },
      client: { host: member.host, port: member.ports.client },
      peer: { host: member.host, port: member.ports.peer },
      anchor: { everySeconds: 5 },
      acceptedIssuers: issuers,
      log: { level: 'info' },
      ...more,
    };
    writeWhole(path, `${JSON.stringify(config, null, 2)}\n`);
  }
};

/** The processes started so far. */
export type Processes = { ledger?: KeptProcess; readonly gateways: Map<string, KeptProcess> };

/** Gateways first: what they close with may still need the ledger. */
export const stopProcesses = async ({ ledger, gateways }: Processes): Promise<void> => {
  await Promise.all([...gateways.values()].map((gateway) => gateway.stop()));
  await ledger?.stop();
};

/**
 * Makes what is missing and starts every process. Entered again after an interruption it goes on where it stopped. Who may want to stop it half-way hands in
 * `processes`; what is under way then fails. `more` goes into every gateway's configuration.
 */
export const bringUp = async (
  root: string,
  portBase: number,
  report: Report,
  processes: Processes = { gateways: new Map() },
  more: Readonly<Record<string, unknown>> = {},
  kind: EngineKind = 'embedded',
): Promise<Network> => {
  const manifest = demoManifest(portBase, kind);
  const networkDir = join(root, 'network');
  const { nodes, build } = engineOf(manifest, networkDir);
  const ledgerUrl = nodeFor(manifest, networkDir, manifest.members[0]?.id ?? '');
  if (build !== undefined) {
    await report.step('engine', 'Building the node of the engine, unless it is there', () =>
      build({ onProgress: (text) => report.line(`    ${text}`) }),
    );
  }
  if (!existsSync(join(networkDir, 'manifest.json'))) {
    await report.step('init', 'Making the ledger', () => initNetwork(manifest, networkDir, systemClock));
  }
  const { gateways } = processes;
  const ledger = ledgerProcess(root);
  processes.ledger = ledger;
  const stop = (): Promise<void> => stopProcesses(processes);
  try {
    await report.step('ledger', 'Starting the ledger', () => ledger.start());
    const documents = await report.step('keys', 'Making the keys of each institution', async () => {
      const made = [];
      for (const member of manifest.members) made.push(await prepareGateway(root, member));
      return made;
    });
    const deployment = await report.step('contracts', 'Deploying the contracts and founding the consortium', () =>
      deploy({ dataDir: networkDir, endpoint: ledgerUrl, members: documents }),
    );
    writeNetworkFile(root, manifest, ledgerUrl, deployment.directory);
    writeConfigurations(root, manifest, deployment.directory, more);
    await report.step('gateways', `Starting ${manifest.members.length} gateways`, async () => {
      for (const member of manifest.members) gateways.set(member.id, gatewayProcess(root, member));
      await Promise.all([...gateways.values()].map((gateway) => gateway.start()));
    });
    await report.step('staff', 'Giving each member of staff a token', () => prepareProfiles(root, manifest));
  } catch (error) {
    await stop();
    throw error;
  }
  return { root, manifest, ledgerUrl, nodes, ledger, gateways, stop };
};

export const deploymentOf = (root: string) => readDeploymentFile(join(root, 'network', 'deployment.json'));
