/** `npm start`: brings up the whole network on this machine and walks through one query. Options and exit statuses: `usage` in options.ts. */
import type { MemberLog } from '../../gateway/cli/commands/log-list.ts';
import { demoManifest } from '../../node/manifest/demo.ts';
import { compileContracts } from './compile.ts';
import { type Folder, findFolder } from './folder.ts';
import { walkJourney } from './journey.ts';
import { agreeOnModel } from './model-steps.ts';
import { bringUp, type Network, type Processes, portsOf, stopProcesses } from './network.ts';
import { parseOptions, type StartOptions, usage } from './options.ts';
import { requireFree } from './ports.ts';
import { Report } from './report.ts';
import { publishSample } from './sample.ts';
import { StartError } from './start-error.ts';
import { xinshu } from './xinshu.ts';

/** How long the processes of a start that was killed may take to end. */
const portPatienceMs = 20_000;

/** One row for the ledger, or for each validator. */
const ledgerRows = ({ manifest, nodes }: Network): string[][] =>
  nodes.map(({ member, endpoint }) =>
    member === undefined
      ? ['ledger', '账本', '', endpoint, '']
      : [`validator of ${member}`, '验证节点', sectorOf(manifest, member), endpoint, ''],
  );

const sectorOf = (manifest: Network['manifest'], member: string): string => manifest.members.find(({ id }) => id === member)?.sector ?? '';

const show = (report: Report, network: Network, data: string): void => {
  const home = data === '.xinshu' ? '' : ` --home ${data}`;
  report.title('The network is up');
  report.table([
    ['member', '名称', 'sector', 'for its own systems', 'for other gateways'],
    ...network.manifest.members.map(({ id, nameZh, sector, host, ports }) => [
      id,
      nameZh,
      sector,
      `http://${host}:${ports.client}`,
      `https://${host}:${ports.peer}`,
    ]),
    ...ledgerRows(network),
  ]);
  report.line(`\n  API documentation: http://127.0.0.1:${network.manifest.members[1]?.ports.client}/docs    State and logs: ${data}`);
  report.title('Try next, in another terminal');
  for (const command of [
    'status --as bank.operator',
    'dataset list --as bank.requester',
    'consent list --subject supplier',
    'audit',
    'log list',
    '--help',
  ]) {
    report.command(`npx xinshu ${command}${command === '--help' ? '' : home}`);
  }
  report.line(`  (the supplier's passphrase file: export XINSHU_PASSPHRASE_FILE=${data}/supplier.passphrase)`);
};

const signalled = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });

/** The network, and where the members' logs are read: asked while it is up. */
type Started = { readonly network: Network; readonly logs: readonly MemberLog[] };

/** The network with its data published and the journey walked: what is missing of it is done now. */
const build = async (folder: Folder, options: StartOptions, report: Report, processes: Processes): Promise<Started> => {
  const network = await bringUp(folder.root, folder.state.portBase, report, processes, {}, folder.state.engine);
  let state = folder;
  if (state.state.stage === 'building') {
    await publishSample(folder.root, options.subjects, report);
    state = state.save({ stage: 'ready' });
  }
  if (options.once || !state.state.journeyDone) {
    await agreeOnModel(folder.root, report);
    await walkJourney(folder.root, report);
    state.save({ journeyDone: true });
  }
  return { network, logs: await xinshu<readonly MemberLog[]>(folder.root, ['log', 'list']) };
};

const start = async (options: StartOptions, report: Report): Promise<Started> => {
  const found = findFolder(options.data, options);
  await requireFree(portsOf(demoManifest(found.portBase, found.engine)), found.wasKilled ? portPatienceMs : 0);
  const folder = found.claim();
  const processes: Processes = { gateways: new Map() };
  try {
    report.title(folder.isNew ? `A new network in ${options.data}` : `Resuming the network in ${options.data}`);
    await report.step('compile', 'Compiling the contracts', compileContracts, (outcome) => ({ detail: outcome }));
    const stopped = signalled();
    const started = await Promise.race([
      build(folder, options, report, processes),
      stopped.then(() => {
        throw new StartError('START_INTERRUPTED', 'The next start goes on from here.');
      }),
    ]);
    show(report, started.network, options.data);
    if (!options.once) {
      report.line('\n  Ctrl-C stops everything.');
      await stopped;
      report.line('\nStopping …');
    }
    return started;
  } finally {
    await stopProcesses(processes);
    folder.release();
  }
};

const outcome = (started: Started | undefined, report: Report, failure: string | undefined) => ({
  network:
    started === undefined
      ? null
      : {
          data: started.network.root,
          chainId: started.network.manifest.chainId,
          ledger: started.network.ledgerUrl,
          engine: started.network.manifest.engine.kind,
          validators: started.network.nodes.flatMap(({ member, endpoint }) =>
            member === undefined ? [] : [{ member, sector: sectorOf(started.network.manifest, member), rpc: endpoint }],
          ),
          members: started.network.manifest.members.map(({ id, nameZh, sector, host, ports }) => ({
            id,
            nameZh,
            sector,
            client: `http://${host}:${ports.client}`,
            peer: `https://${host}:${ports.peer}`,
            logs: started.logs.filter(({ member }) => member === id).map(({ member: _, ...log }) => log),
          })),
        },
  steps: report.steps,
  ok: failure === undefined,
  ...(failure === undefined ? {} : { failure }),
});

const exitStatusOf = (error: unknown): number => {
  if (!(error instanceof StartError)) return 1;
  return error.code === 'START_USAGE' ? 2 : error.code === 'START_INTERRUPTED' ? 130 : 1;
};

const main = async (): Promise<void> => {
  let options: StartOptions | undefined;
  try {
    options = parseOptions(process.argv.slice(2));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 2;
    return;
  }
  if (options === undefined) {
    console.log(usage);
    return;
  }
  const report = new Report(options.json);
  let started: Started | undefined;
  let failure: string | undefined;
  try {
    started = await start(options, report);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
    report.line(`\n${failure}`);
    process.exitCode = exitStatusOf(error);
  }
  if (options.json) process.stdout.write(`${JSON.stringify(outcome(started, report, failure))}\n`);
  // A step that was interrupted may still wait for something.
  process.exit();
};

await main();
