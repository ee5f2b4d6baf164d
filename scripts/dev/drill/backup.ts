/** `npm run drill:backup`: a provider's machine is lost and brought back from a backup that was made while it served; so is the ledger's. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { JsonRpcProvider } from 'ethers';
import { usageIdFrom } from '../../../gateway/domain/usage-id.ts';
import { demoManifest } from '../../../node/manifest/demo.ts';
import { randomStream } from '../../generate/random.ts';
import { compileContracts } from '../compile.ts';
import { gatewayFolder } from '../gateways.ts';
import { portsOf } from '../network.ts';
import { requireFree } from '../ports.ts';
import { Report } from '../report.ts';
import { xinshu } from '../xinshu.ts';
import { differences, folderFacts } from './backup/folder-facts.ts';
import { asked, type ConsentedNetwork, consentedNetwork } from './consented-network.ts';
import { readLogs } from './facts.ts';
import { send, startLoad } from './load.ts';

const usage = `Usage: npm run drill:backup -- [options]

Founds a network of its own and lets the bank ask two providers. Backs one provider up under load, and again once all is quiet and anchored. Deletes the
provider's whole folder and restores it from the second backup: every byte of its store, its log, counters and keys must be as before, and it must serve.
Restoring the first one must be refused, since entries were shown after it. Does the same with the ledger's folder, stopped for the copy.

  --queries N      answered before the quiet backup (default 60)
  --port-base N    first port of the network (default 23500)
  --keep           leave the data folder in place
  --json           one JSON document on standard output, progress on standard error
  --help           this text

Exit status: 0 nothing differs, 1 a difference or a failure, 2 wrong use.`;

const { dataset, provider, fields } = asked[1];
type Made = { readonly folder: string; readonly openingKeys: string; readonly size: number };

const parseOptions = () => {
  const { values } = parseArgs({
    options: {
      queries: { type: 'string', default: '60' },
      'port-base': { type: 'string', default: '23500' },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [queries, portBase] = [Number(values.queries), Number(values['port-base'])];
  if (!Number.isInteger(queries) || queries < 1 || queries > 100_000)
    throw new RangeError('--queries takes a whole number from 1 to 100000');
  if (!Number.isInteger(portBase) || portBase < 1024 || portBase > 65_485)
    throw new RangeError('--port-base takes a number from 1024 to 65485');
  return { ...values, queries, portBase };
};
type Options = ReturnType<typeof parseOptions>;

/** Load until this many answers, with a backup in the middle of it. */
const loadAndBackup = async (target: ConsentedNetwork, queries: number): Promise<{ made: Made; refused: number }> => {
  const load = startLoad(target, randomStream('backup', 'load'));
  const reached = async (count: number): Promise<void> => {
    while (load.delivered.length < count) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  await reached(Math.ceil(queries / 2));
  const made = await xinshu<Made>(target.network.root, ['gateway', 'backup', '--as', 'grid.operator']);
  await reached(queries);
  await load.finish();
  return { made, refused: load.refused.length };
};

const ask = async (target: ConsentedNetwork): Promise<string> => {
  const query = { usage: usageIdFrom(crypto.getRandomValues(new Uint8Array(16))), subject: target.subjects[0]!, dataset, provider, fields };
  const reply = await send(target, query);
  return reply.kind === 'delivered' ? 'ok' : reply.kind === 'refused' ? reply.code : reply.reason;
};

/** The machine is lost: what is left is the two folders of the backup, which lay elsewhere, and the passphrase. */
const lose = async (target: ConsentedNetwork, aside: string, made: Made): Promise<{ from: string; keys: string; passphrase: string }> => {
  const folder = gatewayFolder(target.network.root, provider);
  const kept = { from: join(aside, 'backup'), keys: join(aside, 'opening-keys'), passphrase: join(aside, 'passphrase') };
  await cp(made.folder, kept.from, { recursive: true });
  await cp(made.openingKeys, kept.keys, { recursive: true });
  await cp(join(folder, 'passphrase'), kept.passphrase);
  await rm(folder, { recursive: true });
  return kept;
};

const restore = async (target: ConsentedNetwork, kept: { from: string; keys: string; passphrase: string }): Promise<void> => {
  const dir = gatewayFolder(target.network.root, provider);
  const args = ['--from', kept.from, '--keys', kept.keys, '--dir', dir, '--passphrase-file', kept.passphrase];
  await xinshu(target.network.root, ['gateway', 'restore', ...args]);
};

const chainFacts = async ({ network }: ConsentedNetwork): Promise<Readonly<Record<string, string>>> => {
  const chain = new JsonRpcProvider(network.ledgerUrl, network.manifest.chainId, { staticNetwork: true });
  try {
    const head = await chain.getBlock('latest');
    return { 'block number': String(head?.number), 'block hash': head?.hash ?? '' };
  } finally {
    chain.destroy();
  }
};

const runDrill = async (target: ConsentedNetwork, options: Options, aside: string, report: Report) => {
  const { network, subjects } = target;
  const gateway = network.gateways.get(provider)!;
  const folder = gatewayFolder(network.root, provider);
  const early = await report.step('backup under load', 'Asking, with a backup in the middle', () => loadAndBackup(target, options.queries));
  const { findings } = await report.step('anchors', 'Waiting until every log is anchored', () => readLogs(network.root, [provider]));
  const made = await report.step('backup', 'Backing up', () => xinshu<Made>(network.root, ['gateway', 'backup', '--as', 'grid.operator']));
  const facts = await report.step('lose', `Deleting everything of ${provider}`, async () => {
    await gateway.stop();
    const before = await folderFacts(folder, provider, dataset, subjects);
    await cp(early.made.folder, join(aside, 'early', 'backup'), { recursive: true });
    await cp(early.made.openingKeys, join(aside, 'early', 'opening-keys'), { recursive: true });
    return { before, kept: await lose(target, aside, made) };
  });
  const refusal = await report.step('early backup', 'Restoring the backup from under load, which must not serve', async () => {
    await restore(target, { ...facts.kept, from: join(aside, 'early', 'backup'), keys: join(aside, 'early', 'opening-keys') });
    const said = await gateway.start().then(
      () => 'served',
      (error: Error) => error.message,
    );
    await gateway.stop();
    await rm(folder, { recursive: true });
    return /LOG_BEHIND_ANCHOR|RESTORED_BEHIND/.exec(said)?.[0] ?? said;
  });
  const changed = await report.step('restore', 'Restoring', async () => {
    await restore(target, facts.kept);
    const after = await folderFacts(folder, provider, dataset, subjects);
    // The mark for the check at the start.
    return differences(facts.before, after).filter((line) => !line.startsWith('file restored.json: absent'));
  });
  const answer = await report.step('serve', 'Asking the restored provider', async () => {
    await gateway.start();
    return ask(target);
  });
  const chain = await report.step('ledger', 'The same with the folder of the ledger', async () => {
    await network.ledger.stop();
    const data = join(network.root, 'network');
    await cp(data, join(aside, 'network'), { recursive: true });
    await rm(data, { recursive: true });
    await cp(join(aside, 'network'), data, { recursive: true });
    await network.ledger.start();
    return chainFacts(target);
  });
  return { facts: facts.before, early: { size: early.made.size, refused: refusal }, size: made.size, findings, changed, answer, chain };
};

const drill = async (options: Options, report: Report) => {
  report.title('Backup drill');
  await requireFree(portsOf(demoManifest(options.portBase)));
  await compileContracts();
  const [root, aside] = await Promise.all([mkdtemp(join(tmpdir(), 'xinshu-drill-')), mkdtemp(join(tmpdir(), 'xinshu-elsewhere-'))]);
  try {
    const target = await consentedNetwork(root, options.portBase, [1_000_000, 1_000_000], report);
    try {
      const ran = await runDrill(target, options, aside, report);
      const ok =
        ran.changed.length === 0 &&
        ran.answer === 'ok' &&
        /BEHIND/.test(ran.early.refused) &&
        ran.findings.length === 0 &&
        ran.chain['block hash'] !== '';
      report.title('What came of it');
      report.table([
        ['quiet backup', `${ran.size} entries; ${ran.changed.length} facts of ${Object.keys(ran.facts).length} differ after restoring`],
        ['backup under load', `${ran.early.size} entries; restored, it ends with ${ran.early.refused}`],
        ['restored provider', `answers: ${ran.answer}`],
        ['ledger', `block ${ran.chain['block number']}`],
        ['', report.verdict(ok)],
      ]);
      for (const line of ran.changed) report.line(`    ${line}`);
      return { ok, ...ran };
    } finally {
      await target.network.stop();
    }
  } finally {
    if (options.keep) report.line(`  data folders: ${root} ${aside}`);
    else await Promise.all([root, aside].map((folder) => rm(folder, { recursive: true, force: true })));
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
    if (options.json) process.stdout.write(`${JSON.stringify({ ok: false, failure })}\n`);
    return 1;
  }
};

process.exit(await main());
