import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const stamp = join(root, 'artifacts', '.xinshu-compiled');

const sourcesHash = (): string => {
  const hash = createHash('sha256');
  const files = readdirSync(join(root, 'contracts'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of [...files, join(root, 'hardhat.config.ts'), join(root, 'package-lock.json')])
    hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
};

/** Compiles the contracts unless the artifacts are those of these sources. Hardhat's own output goes to standard error. */
export const compileContracts = async (): Promise<'compiled' | 'unchanged'> => {
  const wanted = sourcesHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return 'unchanged';
  const child = spawn(join(root, 'node_modules', '.bin', 'hardhat'), ['compile'], {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
  });
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve));
  if (code !== 0) throw new Error(`hardhat compile ended with ${code}`);
  writeFileSync(stamp, wanted);
  return 'compiled';
};
