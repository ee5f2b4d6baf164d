// Installs what is missing before anything else runs. Plain JavaScript for the machine's own Node (>= 20): the pinned one comes with the packages.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const stamp = join(root, 'node_modules', '.xinshu-installed');
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

const installed = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
if (!installed) {
  console.error('Installing packages (once; about a minute) …');
  // npm's own output goes to standard error: standard output belongs to the command that follows.
  // npm_config_* of the npm that runs this script is dropped, so that its silent log level does not hide a failure.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith('npm_')));
  // Not `npm ci`: it refuses a lock file that lacks optional packages of other platforms, and registries that mirror only a part leave some out.
  // `npm install --no-save` takes the versions and hashes of the lock file just the same, and leaves the file alone.
  const run = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    env,
    stdio: ['ignore', process.stderr, process.stderr],
  });
  if (run.status !== 0) {
    console.error(
      `INSTALL_FAILED: npm install ended with ${run.status ?? run.signal ?? run.error?.message}. Is the package registry reachable and the disk not full?`,
    );
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}
