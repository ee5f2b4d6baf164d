/**
 * `npm test`: format, lint, types, generated files, contracts with coverage, then every mocha test. All steps run even when one fails, so that one run shows
 * everything; the exit status is 1 if any failed. `--only NAME[,NAME]` runs some of them; `--deep` runs the long ones (`npm run test:deep`).
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

type Step = {
  readonly name: string;
  readonly command: readonly string[];
  readonly deep?: boolean;
  readonly env?: Readonly<Record<string, string>>;
};

const steps: readonly Step[] = [
  { name: 'format-and-lint', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'types', command: ['tsc', '--noEmit', '-p', '.'] },
  { name: 'solidity-format', command: ['prettier', '--check', 'contracts/**/*.sol', 'test/contracts/**/*.sol'] },
  { name: 'solidity-lint', command: ['solhint', '--disc', '--noPoster', '--max-warnings', '0', 'contracts/**/*.sol'] },
  { name: 'compile', command: ['hardhat', 'compile'] },
  { name: 'generated', command: ['node', 'scripts/generate/all.ts', '--check'] },
  { name: 'contracts', command: ['node', 'scripts/dev/coverage.ts'] },
  // Not within mocha: what is not built by then is not waited for, and its tests say so.
  { name: 'kaia', command: ['node', 'scripts/dev/build-kaia.ts', '--within', '240'] },
  { name: 'tests', command: ['mocha'] },
  { name: 'kaia-deep', command: ['node', 'scripts/dev/build-kaia.ts'], deep: true },
  {
    name: 'deep',
    command: ['mocha', '--no-config', '--extension', 'ts', '--timeout', '0', '--exit', 'test/deep/**/*.test.ts'],
    deep: true,
  },
];

const { values } = parseArgs({ options: { only: { type: 'string' }, deep: { type: 'boolean', default: false } } });
const only = values.only?.split(',');
const chosen = steps.filter((step) => (only ? only.includes(step.name) : (step.deep ?? false) === values.deep));

const run = (step: Step): Promise<{ ok: boolean; output: string }> =>
  new Promise((resolve) => {
    const [command = '', ...args] = step.command;
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...step.env } });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
      process.stdout.write(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk;
      process.stderr.write(chunk);
    });
    child.on('error', (error) => resolve({ ok: false, output: `${output}${error.message}` }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });

/** The last total a runner printed: mocha's "N passing"; Hardhat's "N passing (M solidity, …)" comes after those of its parts. */
const count = (output: string, word: string): number =>
  Number([...output.matchAll(new RegExp(`(?:^|\\s)(\\d+) ${word}\\b`, 'gm'))].at(-1)?.[1] ?? 0);

const started = process.hrtime.bigint();
const failed: string[] = [];
let passing = 0;
let failing = 0;
for (const [index, step] of chosen.entries()) {
  console.log(`\n[${index + 1}/${chosen.length}] ${step.name}: ${step.command.join(' ')}`);
  const from = process.hrtime.bigint();
  const { ok, output } = await run(step);
  passing += count(output, 'passing');
  failing += count(output, 'failing');
  if (!ok) failed.push(step.name);
  console.log(
    `[${index + 1}/${chosen.length}] ${step.name}: ${ok ? 'ok' : 'FAILED'} (${(Number(process.hrtime.bigint() - from) / 1e9).toFixed(1)} s)`,
  );
}
console.log(
  `\n${failed.length === 0 ? 'All steps passed' : `Failed: ${failed.join(', ')}`} in ${(Number(process.hrtime.bigint() - started) / 1e9).toFixed(0)} s.`,
);
console.log(`${passing} passed, ${failing === 0 && failed.length > 0 ? failed.length : failing} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
