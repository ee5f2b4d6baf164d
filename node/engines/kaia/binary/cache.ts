import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The Go module that names Kaia's exact version and all it stands on. */
export const buildModule = fileURLToPath(new URL('../build', import.meta.url));

export interface KaiaBinaries {
  /** Kaia's consensus node. */
  readonly kcn: string;
  /** Starts a command that ends with its parent. */
  readonly withParent: string;
}

/** Where the binaries of this very module belong: a folder of the user's cache named by the hash of the module. */
export function cacheFolder(): string {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum', 'with-parent/main.go']) hash.update(readFileSync(join(buildModule, file)));
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(cache, 'xinshu', 'kaia', hash.digest('hex').slice(0, 16));
}

/** The binaries if they were built before. */
export function cachedBinaries(folder: string = cacheFolder()): KaiaBinaries | undefined {
  const binaries = { kcn: join(folder, 'kcn'), withParent: join(folder, 'with-parent') };
  return existsSync(binaries.kcn) && existsSync(binaries.withParent) ? binaries : undefined;
}
