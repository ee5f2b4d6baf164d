/** `npm run drill:audit`: an auditor follows a running network under load and finds nothing; then eleven frauds are planted, and each must be found and named. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { JsonRpcProvider } from 'ethers';
import { verifyEvidence } from '../../../gateway/cli/auditing/evidence/verify-evidence.ts';
import { writeWhole } from '../../../gateway/cli/files.ts';
import type { Address, MemberId } from '../../../gateway/domain/ids.ts';
import { peekClaims } from '../../../gateway/sealing/jws.ts';
import { demoManifest } from '../../../node/manifest/demo.ts';
import { randomStream } from '../../generate/random.ts';
import { compileContracts } from '../compile.ts';
import { gatewayFolder, shortName } from '../gateways.ts';
import { deploymentOf, portsOf } from '../network.ts';
import { requireFree } from '../ports.ts';
import { KeptProcess } from '../process.ts';
import { Report } from '../report.ts';
import { xinshu } from '../xinshu.ts';
import { askInVain, askMany, askOne, killed } from './audit/ask-usages.ts';
import type { Operator } from './audit/dishonest-log.ts';
import { frauds } from './audit/frauds.ts';
import { control, type Outcome, plant, plantFork, type Scene } from './audit/plant.ts';
import { asked, type ConsentedNetwork, consentedNetwork } from './consented-network.ts';

const usage = `Usage: npm run drill:audit -- [options]

Founds a network of its own, lets the bank ask two providers while \`xinshu audit follow\` runs beside it (and is killed and started again), and expects no finding.
Then dishonest operators, who hold their gateways' keys, show their logs with one fraud after the other to a copy of that auditor: each must be found and named.

  --usages N       how many usages before the frauds (default 300)
  --port-base N    first port of the network (default 23600)
  --keep           leave the data folder in place
  --json           one JSON document on standard output, progress on standard error
  --help           this text

Exit status: 0 everything was found and nothing else, 1 not so, 2 wrong use.`;

const cli = fileURLToPath(new URL('../../../gateway/cli.ts', import.meta.url));
const [consumer, provider] = ['bank-changan', 'grid-qinchuan'] as const;
/** Two that never run out, one to be withdrawn, one that is used up, one whose credential is to be revoked. */
const uses = [1_000_000, 1_000_000, 10, 2, 10];
const grid = asked[1];

const parseOptions = () => {
  const { values } = parseArgs({
    options: {
      usages: { type: 'string', default: '300' },
      'port-base': { type: 'string', default: '23600' },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [usages, portBase] = [Number(values.usages), Number(values['port-base'])];
  if (!Number.isInteger(usages) || usages < 1 || usages > 10_000_000)
    throw new RangeError('--usages takes a whole number from 1 to 10000000');
  if (!Number.isInteger(portBase) || portBase < 1024 || portBase > 65_485)
    throw new RangeError('--port-base takes a number from 1024 to 65485');
  return { ...values, usages, portBase };
};
type Options = ReturnType<typeof parseOptions>;

type Line = {
  readonly kind: string;
  readonly open?: number;
  readonly log?: { readonly member: string; readonly size: number; readonly notAnchored: number };
  readonly finding?: unknown;
};
const linesIn = (file: string): Line[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{"kind":'))
    .map((line) => JSON.parse(line) as Line);

/** Most memory that a process has had, in MiB. Linux only. */
const peakMemory = (pid: number | undefined): number => {
  const [, kib] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kib) / 1024);
};

type Followed = {
  readonly entries: Readonly<Record<string, number>>;
  readonly open: number;
  readonly findings: number;
  readonly memory: number;
  readonly kills: number;
};

/** The load with an auditor beside it, who is killed twice. */
const followLoad = async (target: ConsentedNetwork, options: Options, state: string): Promise<Followed> => {
  const { network, subjects } = target;
  const logFile = join(network.root, 'logs', 'audit.log');
  const args = [cli, '--home', network.root, '--json', 'audit', 'follow', '--state', state, '--every', '1'];
  const auditor = new KeptProcess({ name: 'audit', args, logFile });
  await auditor.start();
  try {
    const random = randomStream('audit', 'load');
    const third = Math.ceil(options.usages / 3);
    for (let done = 0; done < options.usages; done += third) {
      await askMany(target, subjects.slice(0, 2), Math.min(third, options.usages - done), random);
      if (done + third >= options.usages) break;
      await killed(auditor);
    }
    await askInVain(target, subjects[0]!, asked[0]);
    const sizes = async (): Promise<Record<string, number>> => {
      const { logs } = await xinshu<{ logs: { member: string; size: number; notAnchored: number }[] }>(network.root, ['audit', 'match']);
      return Object.fromEntries(logs.map(({ member, size, notAnchored }) => [member, notAnchored === 0 ? size : -1]));
    };
    const settled = async (): Promise<Record<string, number> | undefined> => {
      const want = await sizes();
      const have = new Map(linesIn(logFile).flatMap(({ log }) => (log === undefined ? [] : [[log.member, log.size] as const])));
      return Object.entries(want).every(([member, size]) => size >= 0 && have.get(member) === size) ? want : undefined;
    };
    let entries: Record<string, number> | undefined;
    for (let second = 0; entries === undefined; second += 1) {
      if (second > 300) throw new Error('the auditor did not catch up, or the logs were not anchored, in five minutes');
      await delay(1000);
      entries = await settled();
    }
    await delay(3000);
    const memory = peakMemory(auditor.pid);
    const lines = linesIn(logFile);
    const open = lines.findLast(({ kind }) => kind === 'round')?.open ?? -1;
    return { entries, open, findings: lines.filter(({ kind }) => kind === 'finding').length, memory, kills: auditor.restarts };
  } finally {
    await auditor.stop();
  }
};

const operator = ({ network }: ConsentedNetwork, member: string): Operator => {
  const { ports, host } = network.manifest.members.find(({ id }) => id === member)!;
  return {
    member: member as MemberId,
    chainId: network.manifest.chainId,
    anchor: deploymentOf(network.root)!.contracts['audit-anchor'] as Address,
    folder: gatewayFolder(network.root, member),
    client: `http://${host}:${ports.client}`,
    auditorToken: readFileSync(join(network.root, 'tokens', `${shortName(member)}.auditor`), 'utf8').trim(),
  };
};

const newestBlock = async (target: ConsentedNetwork): Promise<number> => {
  const rpc = new JsonRpcProvider(target.network.ledgerUrl, deploymentOf(target.network.root)?.chainId, { staticNetwork: true });
  try {
    return await rpc.getBlockNumber();
  } finally {
    rpc.destroy();
  }
};

/** What the dishonest operators do first: an anchor of the true log would contradict whatever they show. */
const stopAnchoring = async ({ network }: ConsentedNetwork, member: string): Promise<void> => {
  const path = join(gatewayFolder(network.root, member), 'config.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeWhole(path, `${JSON.stringify({ ...config, anchor: { everySeconds: 3600 } }, null, 2)}\n`);
  await killed(network.gateways.get(member)!);
};

/** Usages that the frauds are made of, some before the auditor's last look and one after it. */
const sceneIn = async (target: ConsentedNetwork, options: Options, state: string): Promise<{ scene: Scene; followed: Followed }> => {
  const { network, subjects } = target;
  const withdrawn = await askOne(target, subjects[2]!, grid);
  await askOne(target, subjects[3]!, grid);
  const usedUp = await askOne(target, subjects[3]!, grid);
  const revoked = await askOne(target, subjects[4]!, grid);
  const followed = await followLoad(target, options, state);
  for (const member of [consumer, provider]) await stopAnchoring(target, member);
  await xinshu(network.root, ['withdraw', '--subject', subjects[2]!.name]);
  const credential = peekClaims(readFileSync(join(network.root, `${subjects[4]!.name}.credential`), 'utf8').trim())?.id;
  await xinshu(network.root, ['credential', 'revoke', '--as', 'gov.steward', String(credential)]);
  const fresh = await askOne(target, subjects[0]!, grid);
  const block = await newestBlock(target);
  return {
    followed,
    scene: {
      operators: { consumer: operator(target, consumer), provider: operator(target, provider) },
      network: join(network.root, 'network.json'),
      state,
      ground: { seen: followed.entries[provider] as number, fresh, withdrawn, revoked, usedUp, block, now: Date.now() },
    },
  };
};

const isSound = async (text: string): Promise<boolean> => (await verifyEvidence(text)).verdicts.every(({ result }) => result !== 'fails');

const judge = async ({ fraud, expected, findings, named, evidence }: Outcome) => {
  const sound = await Promise.all(evidence.map(isSound));
  return {
    fraud,
    expected,
    named,
    others: findings.filter(({ kind, member }) => `${kind} ${member}` !== expected).map(({ kind, member }) => `${kind} ${member}`),
    evidence: sound.filter((holds) => holds).length,
  };
};

const drill = async (options: Options, report: Report) => {
  report.title(`Audit drill: ${options.usages} usages, then eleven frauds`);
  await requireFree(portsOf(demoManifest(options.portBase)));
  await compileContracts();
  const root = await mkdtemp(join(tmpdir(), 'xinshu-drill-'));
  try {
    const target = await consentedNetwork(root, options.portBase, uses, report);
    try {
      const state = join(root, 'audit-state');
      const { scene, followed } = await report.step('follow', `${options.usages} usages with an auditor beside them`, () =>
        sceneIn(target, options, state),
      );
      const honest = await report.step('control', 'The logs as they are, shown by the same hands', () => control(scene));
      const outcomes = await report.step('frauds', 'Planting one fraud after the other', async () => {
        const all: Outcome[] = [];
        for (const fraud of frauds) all.push(await plant(scene, fraud));
        return [...all, await plantFork(scene)];
      });
      const rows = await Promise.all(outcomes.map(judge));
      const ok =
        followed.findings === 0 &&
        followed.open === 1 &&
        honest.length === 0 &&
        rows.every(({ named, others, evidence }) => named && others.length === 0 && evidence > 0);
      return { ok, usages: options.usages, followed, honest, frauds: rows };
    } finally {
      await target.network.stop();
    }
  } finally {
    if (options.keep) report.line(`  data folder: ${root}`);
    else await rm(root, { recursive: true, force: true });
  }
};

const show = ({ ok, followed, frauds: rows }: Awaited<ReturnType<typeof drill>>, report: Report): void => {
  const { entries, findings, open, memory, kills } = followed;
  report.title('What the auditor saw');
  report.table([
    ['entries read', String(Object.values(entries).reduce((sum, size) => sum + size, 0))],
    ['findings while nothing was wrong', String(findings)],
    ['open requests, of one that was never answered', String(open)],
    ['killed and started again', String(kills)],
    ['most memory of the auditor', `${memory} MiB`],
  ]);
  report.title('What was planted');
  report.table(
    rows.map(({ fraud, expected, named, others, evidence }) => [
      fraud,
      named ? `named: ${expected}` : `NOT NAMED: ${expected}`,
      others.length === 0 ? `${evidence} evidence` : `besides ${others.join(', ')}`,
    ]),
  );
  report.line(ok ? '\n  Each fraud was found and named, and nothing else.' : '\n  Not as it must be.');
};

const main = async (): Promise<number> => {
  let options: Options;
  try {
    options = parseOptions();
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    console.log(usage);
    return 0;
  }
  const report = new Report(options.json);
  try {
    const summary = await drill(options, report);
    show(summary, report);
    if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
    return summary.ok ? 0 : 1;
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    report.line(`\n${failure}`);
    if (options.json) process.stdout.write(`${JSON.stringify({ ok: false, failure })}\n`);
    return 1;
  }
};

process.exit(await main());
