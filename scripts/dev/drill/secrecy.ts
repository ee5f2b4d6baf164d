/** `npm run drill:secrecy`: a network is used, then everything that it left behind is searched for what only its rightful holders may have. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Report } from '../report.ts';
import { readStories } from '../sample.ts';
import { StartCommand, startOnce } from '../start-command.ts';
import { hashNames } from './secrecy/forms.ts';
import { captureInto } from './secrecy/preload.ts';
import { type Findings, searchNetwork } from './secrecy/search.ts';
import { secretsOf } from './secrecy/secrets.ts';
import { askAbout, readMetrics } from './secrecy/use-network.ts';

const usage = `Usage: npm run drill:secrecy -- [options]

Builds a network, walks the journey, lets the bank ask about every story subject, and then searches for their codes, names and values (amounts, numbers of
documents), and for the points of the scoring model's parts: in the ledger's data, in every gateway's data folder but where the member holds them by right,
in all logs and metrics, and in the bodies that passed between gateways, taken after TLS. As text, hex, base64 at every alignment, UTF-16 and JSON escapes; codes as unsalted hashes too.

  --subjects N     subjects in the sample data (default 200)
  --seed TEXT      of the choice of values (default xinshu)
  --port-base N    first port of the network (default 23400)
  --keep           leave the data folder in place
  --json           one JSON document on standard output, progress on standard error
  --help           this text

Exit status: 0 nothing found, 1 a hit or a failure, 2 wrong use.`;

const parseOptions = () =>
  parseArgs({
    options: {
      subjects: { type: 'string', default: '200' },
      seed: { type: 'string', default: 'xinshu' },
      'port-base': { type: 'string', default: '23400' },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }).values;
type Options = ReturnType<typeof parseOptions>;

const show = ({ searched, hits }: Findings, report: Report): void => {
  report.title('Searched');
  report.table([
    ['place', 'secrets', 'forms', 'stretches', 'bytes'],
    ...searched.map(({ place, secrets, patterns, stretches, bytes }) => [place, ...[secrets, patterns, stretches, bytes].map(String)]),
  ]);
  if (!hashNames.includes('sm3')) report.line('  This Node has no SM3: hashes by it were not looked for.');
  report.line(hits.length === 0 ? '\n  0 hits.' : `\n  ${hits.length} hits:`);
  for (const { place, where, what, form } of hits.slice(0, 100)) report.line(`    ${place}, ${where}: ${what} (${form})`);
};

const drill = async (options: Options, home: string, report: Report): Promise<Findings> => {
  const [root, captured] = [join(home, 'network'), join(home, 'captured')];
  const preload = captureInto(captured);
  const args = ['--data', root, '--subjects', options.subjects, '--port-base', options['port-base']];
  await report.step('network', 'Building a network and walking the journey', async () => {
    const built = await startOnce([...args, '--once'], preload);
    if (built.status !== 0) throw new Error(`npm start ended with ${built.status ?? built.signal}:\n${built.out}\n${built.notes}`);
  });
  const start = new StartCommand(args, preload);
  try {
    await start.said(/Ctrl-C stops everything/);
    const stories = readStories(root);
    const codes = await report.step('queries', `The bank asks about ${stories.length} subjects`, async () => {
      const [first, ...others] = stories;
      // The first is the journey's own.
      return [
        first?.subject.code ?? '',
        ...(await askAbout(
          root,
          others.map(({ id }) => id),
        )),
      ];
    });
    const metrics = await readMetrics(root);
    start.kill('SIGINT');
    await start.ended;
    const secrets = secretsOf(root, new Set(codes), options.seed);
    return await report.step('search', `Searching for ${secrets.length} secrets`, () => searchNetwork(root, captured, metrics, secrets));
  } finally {
    start.kill('SIGINT');
    await start.ended;
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
  const home = await mkdtemp(join(tmpdir(), 'xinshu-secrecy-'));
  try {
    const findings = await drill(options, home, report);
    show(findings, report);
    const ok = findings.hits.length === 0;
    if (options.json) process.stdout.write(`${JSON.stringify({ ok, seed: options.seed, hashes: hashNames, ...findings })}\n`);
    return ok ? 0 : 1;
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    report.line(`\n${failure}`);
    if (options.json) process.stdout.write(`${JSON.stringify({ ok: false, seed: options.seed, failure })}\n`);
    return 1;
  } finally {
    if (options.keep) report.line(`  data folder: ${home}`);
    else await rm(home, { recursive: true, force: true });
  }
};

process.exit(await main());
