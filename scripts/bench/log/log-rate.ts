import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openGatewayStore } from '../../../gateway/adapters/store/open-store.ts';
import { draftOf } from '../../../test/helpers/append-requests.ts';
import { storeOptions } from '../../../test/helpers/level-store.ts';
import { systemRandomness } from '../../../test/helpers/system-randomness.ts';
import { temporaryFolder } from '../../../test/helpers/temporary-folder.ts';
import type { Bench, Line } from '../measure/line.ts';
import { ownMiB } from '../measure/own-memory.ts';
import type { LogFigures } from './log-figures.ts';

const callers = 512;
const committed = { counterparty: 'bank-changan', dataset: 'grid-qinchuan.electricity', operation: 'raw' };
const verifyingProcess = fileURLToPath(new URL('./verifying-process.ts', import.meta.url));

const bytesIn = async (folder: string): Promise<number> => {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  return bytes;
};

/** A log of this many entries, written through the store and then verified from its first leaf to its last by another process. */
export const logRate: Bench = async ({ entries, note }) => {
  const folder = await temporaryFolder();
  const options = { ...storeOptions(folder), randomness: systemRandomness };
  try {
    const store = await openGatewayStore(options);
    const own: number[] = [];
    const step = Math.max(1, Math.floor(entries / 10));
    let next = 0;
    const caller = async (): Promise<void> => {
      while (next < entries) {
        const number = next++;
        const { kind } = await store.audit.append({ draft: draftOf(number, { committed }), counters: [] });
        if (kind !== 'appended') throw new Error(`append ${number} was ${kind}`);
        if (number % step !== step - 1) continue;
        own.push(ownMiB());
        note(`${number + 1} entries, ${own.at(-1)} MiB`);
      }
    };
    const start = performance.now();
    const usage = process.cpuUsage();
    await Promise.all(Array.from({ length: callers }, caller));
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(usage);
    await store.close();
    const onDisk = await bytesIn(options.folder);

    note('verifying');
    const { stdout } = await promisify(execFile)(process.execPath, [verifyingProcess, options.folder, options.member, String(options.log)]);
    const figures = JSON.parse(stdout) as LogFigures;
    const { size, openedSeconds, leaves, inclusion, consistency, hashedPerSecond, peakMiB } = figures;
    const proofLine = (what: string, { madePerSecond, verifiedPerSecond, mostBytes }: LogFigures['inclusion']): Line => ({
      what: `${what} proof verified`,
      perSecond: verifiedPerSecond,
      facts: { 'made a second': Math.round(madePerSecond), 'most bytes': mostBytes },
    });
    return [
      {
        what: `log of ${size.toLocaleString('en')} entries, written`,
        perSecond: entries / seconds,
        facts: {
          'CPU µs an entry': ((user + system) / entries).toFixed(1),
          'MiB of its own at each tenth': own.join(' '),
          'bytes on disk an entry': Math.round(onDisk / entries),
        },
      },
      {
        what: 'the same, verified',
        perSecond: size / leaves.seconds,
        limit: { what: 'the same bytes hashed', perSecond: hashedPerSecond },
        facts: {
          seconds: leaves.seconds.toFixed(0),
          'seconds to open': openedSeconds.toFixed(2),
          'MiB of its own at each tenth': leaves.ownMiB.join(' '),
          'MiB resident, mapped files of the store included': leaves.residentMiB.join(' '),
          'MiB resident at most': peakMiB,
        },
      },
      proofLine('inclusion', inclusion),
      proofLine('consistency', consistency),
    ];
  } finally {
    await folder.remove();
  }
};
