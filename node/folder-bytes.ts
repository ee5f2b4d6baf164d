import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of all files below the folder; 0 if there is none. */
export function folderBytes(folder: string): number {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return 0;
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce((sum, name) => {
    // A file may be compacted away between listing and looking.
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    return sum + (found?.isFile() ? found.size : 0);
  }, 0);
}
