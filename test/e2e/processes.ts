import { readdirSync, readFileSync } from 'node:fs';

/** Command lines of the processes that name this folder, by process id. Linux only: `/proc`. */
export const processesNaming = (folder: string): ReadonlyMap<number, string> => {
  const found = new Map<number, string>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    if (Number(name) === process.pid) continue;
    try {
      const line = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      if (line.includes(folder)) found.set(Number(name), line.trim());
    } catch {
      // It ended in the meantime.
    }
  }
  return found;
};
