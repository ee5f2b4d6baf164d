import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { XinshuError } from '../../domain/errors.ts';
import type { MemberId } from '../../domain/ids.ts';
import type { Randomness } from '../../ports/clock.ts';
import { type BackupFile, backupFile, readBackupFile } from './backup-file.ts';
import { openGatewayStore } from './open-store.ts';

/** In a data folder: it was restored, and nobody has looked yet whether its log is whole. */
export const restoredMark = 'restored.json';

export type Restore = {
  readonly from: string;
  /** Absent: what the log is about stays closed for ever, its proofs hold. */
  readonly openingKeys: string | undefined;
  /** Must not exist. */
  readonly to: string;
  readonly passphrase: string;
  /** Whether the copy's keystore is good; throws when it is not. */
  readonly check: (draft: string) => Promise<void>;
  readonly randomness: Randomness;
};

/**
 * Makes a data folder from a backup, which stays as it is. The folder appears whole or not at all, marked for the check that a gateway makes before it serves from it.
 * Interrupted, it is run again. Throws BACKUP_INVALID and what opening a store throws.
 */
export const restoreBackup = async ({ from, openingKeys, to, passphrase, check, randomness }: Restore): Promise<BackupFile> => {
  const told = await readBackupFile(from);
  const draft = `${to}.partial`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  await cp(from, draft, { recursive: true });
  await rm(join(draft, backupFile.name));
  if (openingKeys !== undefined) await cp(openingKeys, join(draft, 'store', 'opening-keys'), { recursive: true });
  await writeFile(join(draft, 'passphrase'), `${passphrase}\n`, { mode: 0o600 });
  await check(draft);
  const member = told.member as MemberId;
  const store = await openGatewayStore({ folder: join(draft, 'store'), member, log: told.log, create: false, randomness });
  const size = store.audit.size();
  const root = await store.audit.root(size);
  await store.close();
  if (size !== told.size || root !== told.root) throw new XinshuError('BACKUP_INVALID', { folder: from, size, root });
  await writeFile(join(draft, restoredMark), `${JSON.stringify({ from, at: told.at })}\n`, { mode: 0o600 });
  await rename(draft, to);
  return told;
};
