/** `npm run drill:faults`: every durable write of the audit log under every fault, as a table. */
import { parseArgs } from 'node:util';
import { runMatrix } from '../../../test/faults/matrix/run-matrix.ts';
import { durableWrites } from '../../../test/faults/matrix/writes.ts';
import { type Fault, faults } from '../../../test/helpers/faulty-database.ts';
import { compileContracts } from '../compile.ts';
import { Report } from '../report.ts';

const usage = `Usage: npm run drill:faults -- [options]

Strikes each durable write of the audit log with each fault, on a store of its own and a real chain; the processes that die do so by SIGKILL. Afterwards
everything answered must be in the log, everything signed must be of one history, and everyone's next attempt must succeed.

  --json           one JSON document on standard output, progress on standard error
  --help           this text

Exit status: 0 all green, 1 a cell is not, 2 wrong use.`;

const columns: Readonly<Record<Fault, string>> = {
  fails: 'fails',
  lies: 'persists, says it failed',
  'dies before': 'process dies before',
  'dies after': 'process dies after',
};

const run = async (json: boolean): Promise<boolean> => {
  const report = new Report(json);
  await report.step('compile', 'Compiling the contracts', compileContracts);
  const outcomes = await report.step('matrix', 'Striking', () =>
    runMatrix(({ write, fault, wrong }) => report.line(`    ${write}, ${columns[fault]}: ${wrong.length === 0 ? 'ok' : wrong.join('; ')}`)),
  );
  const green = outcomes.every(({ wrong }) => wrong.length === 0);
  report.title('Fault matrix');
  report.table([
    ['durable write', ...faults.map((fault) => columns[fault])],
    ...durableWrites.map(({ name }) => [
      name,
      ...faults.map((fault) => {
        const cell = outcomes.find((outcome) => outcome.write === name && outcome.fault === fault);
        return report.verdict(cell?.wrong.length === 0);
      }),
    ]),
  ]);
  if (json) process.stdout.write(`${JSON.stringify({ ok: green, cells: outcomes })}\n`);
  return green;
};

try {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } });
  if (values.help) console.log(usage);
  else process.exitCode = (await run(values.json)) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS') ? 2 : 1;
}
