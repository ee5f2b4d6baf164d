/** `npm run drill:kill`: a running network under load, of which one random process after the other is killed; afterwards everything must add up. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { demoManifest } from '../../../node/manifest/demo.ts';
import { type Random, randomStream } from '../../generate/random.ts';
import { compileContracts } from '../compile.ts';
import { portsOf } from '../network.ts';
import { requireFree } from '../ports.ts';
import { Report } from '../report.ts';
import { tryXinshu } from '../xinshu.ts';
import { asked, type ConsentedNetwork, consentedNetwork, type DrillSubject } from './consented-network.ts';
import { readCounts, readLogs, withdrawalBlocks } from './facts.ts';
import { allReady, killAround } from './killer.ts';
import { type Load, startLoad } from './load.ts';
import { type DrillFacts, type Moment, type Violation, violationsIn } from './violations.ts';

const usage = `Usage: npm run drill:kill -- [options]

Founds a network of its own, lets the bank ask two providers under six consents, kills a random process again and again, withdraws two consents in the
middle, and proves at the end that every answered usage is in both logs, counted once and anchored, and that nothing was served after a withdrawal.

  --kills N        how often (default 50)
  --seed TEXT      of all random choices (default: a new one, which is printed)
  --port-base N    first port of the network (default 23300)
  --keep           leave the data folder in place
  --json           one JSON document on standard output, progress on standard error
  --help           this text

Exit status: 0 nothing wrong, 1 a violation or a failure, 2 wrong use.`;

const consumer = 'bank-changan';
/** Two that never run out, two that run out during the drill, two to be withdrawn. */
const uses = [1_000_000, 1_000_000, 40, 300, 1_000_000, 1_000_000];
const toWithdraw = [4, 5];

const parseOptions = () => {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '50' },
      seed: { type: 'string', default: randomBytes(4).toString('hex') },
      'port-base': { type: 'string', default: '23300' },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [kills, portBase] = [Number(values.kills), Number(values['port-base'])];
  if (!Number.isInteger(kills) || kills < 1 || kills > 10_000) throw new RangeError('--kills takes a whole number from 1 to 10000');
  if (!Number.isInteger(portBase) || portBase < 1024 || portBase > 65_485)
    throw new RangeError('--port-base takes a number from 1024 to 65485');
  return { ...values, kills, portBase };
};
type Options = ReturnType<typeof parseOptions>;

const withdrawAttempts = 60;

/** As its subject: the command again and again, as it says, until the withdrawal stands. Gives the moment at which that was known. */
const withdraw = async (root: string, { name }: DrillSubject, load: Load): Promise<Moment> => {
  for (let attempt = 1; ; attempt += 1) {
    const { status, notes } = await tryXinshu(root, ['withdraw', '--subject', name]);
    if (status === 0) return load.now();
    if (attempt >= withdrawAttempts) throw new Error(`${name} could not withdraw: ${notes}`);
    await delay(500);
  }
};

type Ran = { readonly load: Load; readonly known: ReadonlyMap<string, Moment>; readonly kills: Readonly<Record<string, number>> };

const runKills = async (target: ConsentedNetwork, { kills }: Options, random: Random, seeded: Random, report: Report): Promise<Ran> => {
  const { network, subjects } = target;
  const processes = [network.ledger, ...network.gateways.values()];
  // Those that the load needs are hit twice as often as the others.
  const needed = ['ledger', consumer, ...asked.map(({ provider }) => provider as string)];
  const targets = [...processes, ...processes.filter(({ spec }) => needed.includes(spec.name))];
  const load = startLoad(target, seeded);
  const known = new Map<string, Moment>();
  const leaving: Promise<void>[] = [];
  const killed: Record<string, number> = {};
  await killAround(
    targets,
    kills,
    random,
    () => load.delivered.length,
    ({ name, answers, starting }, number) => {
      killed[name] = (killed[name] ?? 0) + 1;
      report.line(
        `    ${String(number).padStart(3)} of ${kills}: ${name}${starting ? ', starting' : ''}; ${answers} answers since the last`,
      );
      const place = toWithdraw.findIndex((_, index) => number === Math.ceil((kills * (index + 1)) / (toWithdraw.length + 1)));
      const subject = subjects[toWithdraw[place] ?? -1];
      if (subject !== undefined)
        leaving.push(
          withdraw(network.root, subject, load).then((moment) => {
            known.set(subject.consent, moment);
            report.line(`    ${subject.name} has withdrawn`);
          }),
        );
    },
  );
  await allReady(processes);
  await Promise.all(leaving);
  await load.finish();
  return { load, known, kills: killed };
};

const gather = async ({ network, subjects }: ConsentedNetwork, { load, known }: Ran): Promise<DrillFacts> => {
  const members = [consumer, ...asked.map(({ provider }) => provider)];
  const { logs, findings } = await readLogs(network.root, members);
  const blocks = await withdrawalBlocks(network);
  await network.stop();
  const withdrawn = (consent: string): { block: number; known: Moment } | undefined => {
    const [block, moment] = [blocks.get(consent), known.get(consent)];
    return block === undefined || moment === undefined ? undefined : { block, known: moment };
  };
  return {
    consumer,
    delivered: load.delivered,
    refused: load.refused,
    unanswered: load.unanswered,
    consents: subjects.map(({ consent, maxUses }) => ({ id: consent, maxUses, withdrawn: withdrawn(consent) })),
    logs,
    counts: await readCounts(network.root, subjects),
    findings,
  };
};

const tally = <T>(list: readonly T[], keyOf: (one: T) => string): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const one of list) counts[keyOf(one)] = (counts[keyOf(one)] ?? 0) + 1;
  return counts;
};

const summarise = (facts: DrillFacts, { kills, load }: Ran, options: Options, violations: readonly Violation[]) => ({
  ok: violations.length === 0,
  seed: options.seed,
  kills,
  usages: new Set(facts.delivered.map(({ usage }) => usage)).size,
  deliveries: facts.delivered.length,
  refusals: tally(facts.refused, ({ code }) => code),
  retries: Object.fromEntries(load.retries),
  entries: Object.fromEntries(facts.logs.map(({ member, entries }) => [member, entries.length])),
  counts: facts.counts,
  withdrawn: facts.consents.filter((consent) => consent.withdrawn !== undefined).length,
  violations: violations.slice(0, 100),
  violationsInAll: violations.length,
});

const show = (summary: ReturnType<typeof summarise>, report: Report): void => {
  const words = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'none';
  report.title('What came of it');
  report.table([
    ['killed', words(summary.kills)],
    ['usages answered', `${summary.usages}, delivered ${summary.deliveries} times`],
    ['refused', words(summary.refusals)],
    ['asked again after', words(summary.retries)],
    ['log entries, all anchored', words(summary.entries)],
    ['consents withdrawn', String(summary.withdrawn)],
  ]);
  if (summary.ok)
    report.line(
      '\n  No violation: every answered usage is in both logs, counted once and anchored; nothing was served after a withdrawal.',
    );
  else {
    report.line(`\n  ${summary.violationsInAll} violations:`);
    for (const { kind, what } of summary.violations) report.line(`    ${kind}  ${what}`);
  }
};

const drill = async (options: Options, report: Report): Promise<ReturnType<typeof summarise>> => {
  report.title(`Kill drill: ${options.kills} kills, seed ${options.seed}`);
  await requireFree(portsOf(demoManifest(options.portBase)));
  await compileContracts();
  const root = await mkdtemp(join(tmpdir(), 'xinshu-drill-'));
  try {
    const target = await consentedNetwork(root, options.portBase, uses, report);
    try {
      const [random, seeded] = [randomStream(options.seed, 'kills'), randomStream(options.seed, 'load')];
      const ran = await report.step('kills', 'Killing one after the other under load', () =>
        runKills(target, options, random, seeded, report),
      );
      const facts = await report.step('facts', 'Waiting for the anchors, reading logs and counters', () => gather(target, ran));
      const summary = summarise(facts, ran, options, violationsIn(facts));
      show(summary, report);
      if (toWithdraw.length !== summary.withdrawn) throw new Error(`${summary.withdrawn} of ${toWithdraw.length} consents were withdrawn`);
      return summary;
    } finally {
      await target.network.stop();
    }
  } finally {
    if (options.keep) report.line(`  data folder: ${root}`);
    else await rm(root, { recursive: true, force: true });
  }
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
    if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
    return summary.ok ? 0 : 1;
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    report.line(`\n${failure}`);
    if (options.json) process.stdout.write(`${JSON.stringify({ ok: false, seed: options.seed, failure })}\n`);
    return 1;
  }
};

process.exit(await main());
