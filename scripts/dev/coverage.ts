/**
 * Runs all contract tests (mocha, fuzz, invariants) with coverage and demands 100 % of the lines of every contract that is
 * deployed or linked into one. Instrumented artifacts go to coverage/, so that artifacts/ stays what is deployed.
 * `XINSHU_DEEP=1` for long runs, `XINSHU_SEED=0x…` for other random inputs.
 */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, rmSync } from 'node:fs';

const REPORT = 'coverage/lcov.info';
// verifiers/ is what snarkjs generates; test/contracts/verifiers/ runs it with real proofs.
const EXEMPT = ['contracts/mocks/', 'contracts/interfaces/', 'contracts/verifiers/'];

/** Lines by file of an lcov report: `SF:` opens a file, `DA:line,count` is one line of it. */
const parseLcov = (text: string): Map<string, { lines: number; missed: number[] }> => {
  const files = new Map<string, { lines: number; missed: number[] }>();
  let current = { lines: 0, missed: [] as number[] };
  for (const row of text.split('\n')) {
    if (row.startsWith('SF:')) {
      current = { lines: 0, missed: [] };
      files.set(row.slice('SF:'.length), current);
    }
    const [, line, count] = /^DA:(\d+),(\d+)/.exec(row) ?? [];
    if (line === undefined) continue;
    current.lines += 1;
    if (count === '0') current.missed.push(Number(line));
  }
  return files;
};

const hardhat = (args: readonly string[], env: Readonly<Record<string, string>> = {}): number =>
  spawnSync('hardhat', args, { stdio: 'inherit', env: { ...process.env, ...env } }).status ?? 1;

const findFaults = (): string[] => {
  const report = parseLcov(readFileSync(REPORT, 'utf8'));
  const expected = globSync('contracts/**/*.sol').filter((path) => !EXEMPT.some((folder) => path.startsWith(folder)));
  return expected.flatMap((path) => {
    const found = report.get(path);
    if (!found || found.lines === 0) return [`${path}: not in the report`];
    return found.missed.length === 0 ? [] : [`${path}: lines ${found.missed.join(', ')} are not covered`];
  });
};

// A report left from an earlier run must not pass for this one.
rmSync(REPORT, { force: true });
console.log(`Fuzz seed: ${process.env.XINSHU_SEED ?? 'the default of hardhat.config.ts'}`);
const failed = hardhat(['build']) !== 0 || hardhat(['test', '--coverage'], { XINSHU_COVERAGE: '1' }) !== 0;
const faults = failed ? ['the contract tests failed'] : findFaults();
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
else console.log('Every line of every contract is covered.');
