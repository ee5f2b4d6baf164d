/** `npm run bench`: how fast this is on this machine, beside what the machine needs for it anyway. What each line means: docs/benchmarks.md. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Report } from '../dev/report.ts';
import { anchorGas } from './anchor/anchor-gas.ts';
import { appendRate } from './append/append-rate.ts';
import { chainRate } from './chain/chain-rate.ts';
import { importRate } from './import-rows.ts';
import { logRate } from './log/log-rate.ts';
import type { Bench, BenchOptions, Line } from './measure/line.ts';
import { loadOfLastMinute, machine } from './measure/machine.ts';
import { queryRate } from './query/query-rate.ts';

const benches: Readonly<Record<string, Bench>> = {
  query: queryRate,
  chain: chainRate,
  append: appendRate,
  log: logRate,
  import: importRate,
  anchor: anchorGas,
};

const usage = `Usage: npm run bench -- [options]

Measures on this machine, each beside its limit line in the same run. Let nothing else run meanwhile.

  --only NAME      one of ${Object.keys(benches).join(', ')}; may be given again
  --seconds N      length of each measured stretch (default 15)
  --entries N      length of the log of "log" (default 1000000)
  --json           one JSON document on standard output, progress on standard error
  --data DIR       keep the network of "query" here for the next run
  --profile DIR    write CPU profiles of the gateways of "query" here
  --port-base N    first port of that network (default 23800)
  --help           this text`;

class WrongUse extends Error {}

const number = (name: string, text: string, minimum: number, maximum: number): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value < minimum || value > maximum)
    throw new WrongUse(`--${name} takes a number from ${minimum} to ${maximum}, not "${text}"`);
  return value;
};

const parseOptions = () => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      seconds: { type: 'string', default: '15' },
      entries: { type: 'string', default: '1000000' },
      json: { type: 'boolean', default: false },
      data: { type: 'string' },
      profile: { type: 'string' },
      'port-base': { type: 'string', default: '23800' },
      help: { type: 'boolean', default: false },
    },
  });
  for (const name of values.only ?? []) if (!Object.hasOwn(benches, name)) throw new WrongUse(`there is no benchmark "${name}"`);
  return {
    help: values.help,
    json: values.json,
    names: values.only ?? Object.keys(benches),
    seconds: number('seconds', values.seconds, 1, 3600),
    entries: number('entries', values.entries, 1000, 1e9),
    data: values.data === undefined ? undefined : resolve(values.data),
    profile: values.profile === undefined ? undefined : resolve(values.profile),
    portBase: number('port-base', values['port-base'], 1024, 65_485),
  };
};

const digits = (value: number | undefined): string =>
  value === undefined ? '' : value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value < 10 ? 2 : 1);

const cells = ({ what, perSecond, latency, limit }: Line): string[] => [
  what,
  digits(perSecond),
  ...[latency?.p50, latency?.p95, latency?.p99].map(digits),
  limit?.what ?? '',
  digits(limit?.perSecond),
  digits(limit?.latency?.p95),
  limit === undefined ? '' : (perSecond / limit.perSecond).toFixed(2),
];
const head = ['measured', 'per second', 'p50 ms', 'p95 ms', 'p99 ms', 'limit line', 'per second', 'p95 ms', 'ratio'];

const run = async (names: readonly string[], options: BenchOptions, report: Report, json: boolean): Promise<void> => {
  const host = machine();
  const before = loadOfLastMinute();
  const lines: Line[] = [];
  for (const name of names) lines.push(...(await report.step(name, `Measuring ${name}`, () => (benches[name] as Bench)(options))));
  const load = { before, after: loadOfLastMinute() };
  report.title('Benchmarks');
  report.line(`  ${host.cpu}, ${host.cores} cores, ${host.memoryGiB} GiB, ${host.system}, Node ${host.node}`);
  report.line(`  load average of a minute: ${load.before} at the start, ${load.after} at the end\n`);
  report.table([head, ...lines.map(cells)]);
  report.line();
  for (const { what, facts } of lines)
    for (const [name, value] of Object.entries(facts ?? {})) report.line(`  ${what} — ${name}: ${value}`);
  if (json) process.stdout.write(`${JSON.stringify({ machine: host, load, seconds: options.seconds, lines })}\n`);
};

try {
  const { help, json, names, ...options } = parseOptions();
  if (help) console.log(usage);
  else {
    const report = new Report(json);
    await run(names, { ...options, note: (text) => report.line(`    ${text}`) }, report, json);
  }
} catch (error) {
  const misused = error instanceof WrongUse || String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = misused ? 2 : 1;
}
