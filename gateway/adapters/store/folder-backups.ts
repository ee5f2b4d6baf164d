import { existsSync } from 'node:fs';
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MemberId } from '../../domain/ids.ts';
import type { Backups } from '../../ports/backups.ts';
import type { Clock, Randomness } from '../../ports/clock.ts';
import { backupFile } from './backup-file.ts';
import { type GatewayStore, openGatewayStore } from './open-store.ts';

export type FolderBackupsModules = {
  readonly store: Pick<GatewayStore, 'copyTo'>;
  /** The gateway's data folder. */
  readonly folder: string;
  readonly member: MemberId;
  readonly log: number;
  readonly clock: Clock;
  readonly randomness: Randomness;
};

/** What of a data folder is copied besides the store. The passphrase is not: a copy with it beside the keystore would be the member. */
const files = ['config.json', 'keystore.jwe', 'member.json', 'tokens.json'];

/** `backups/DAY` and `backups/DAY.opening-keys` in the data folder, each appearing whole. */
export const folderBackups = (modules: FolderBackupsModules): Backups => {
  let last: Promise<unknown> = Promise.resolve();
  return {
    make: () => {
      const mine = last.then(() => make(modules));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
};

const make = async ({ store, folder, member, log, clock, randomness }: FolderBackupsModules) => {
  const name = new Date(clock.now()).toISOString().replaceAll(':', '-');
  const whole = join(folder, 'backups', name);
  const [draft, openingKeys] = [`${whole}.partial`, `${whole}.opening-keys`];
  await mkdir(draft, { recursive: true, mode: 0o700 });
  try {
    for (const file of files) if (existsSync(join(folder, file))) await copyFile(join(folder, file), join(draft, file));
    await store.copyTo(join(draft, 'store'));
    const copy = await openGatewayStore({ folder: join(draft, 'store'), member, log, create: false, randomness });
    const size = copy.audit.size();
    const root = await copy.audit.root(size);
    await copy.close();
    const { version } = backupFile;
    await writeSynced(join(draft, backupFile.name), `${JSON.stringify({ version, member, log, size, root, at: clock.now() }, null, 2)}\n`);
    await rename(join(draft, 'store', 'opening-keys'), openingKeys);
    await rename(draft, whole);
    return { folder: whole, openingKeys, size, root };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
};

const writeSynced = async (path: string, text: string): Promise<void> => {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
};
