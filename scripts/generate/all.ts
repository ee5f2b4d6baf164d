/** Makes every generated file again; with `--check` compares instead and exits 1 where one differs. */
import { spawnSync } from 'node:child_process';

const generators = ['abi', 'errors', 'config', 'protocol-examples', 'audit-log-vectors', 'dashboard', 'besu-vectors'];
const results = generators.map(
  (name) => spawnSync(process.execPath, [`scripts/generate/${name}.ts`, ...process.argv.slice(2)], { stdio: 'inherit' }).status === 0,
);
process.exitCode = results.every(Boolean) ? 0 : 1;
