import { readFileSync } from 'node:fs';

/**
 * MiB of this process that are its own. Resident memory is no measure of a process that reads a database: LevelDB maps up to 1000 of its files, and their pages
 * count as resident though the kernel takes them back when it likes. Only Linux tells the two apart; elsewhere it is all that is resident.
 */
export const ownMiB = (): number => {
  const kibibytes =
    process.platform === 'linux' ? Number(/^RssAnon:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) : Number.NaN;
  return Math.round(Number.isNaN(kibibytes) ? process.memoryUsage.rss() / 1024 / 1024 : kibibytes / 1024);
};
