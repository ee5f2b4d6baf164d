import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { XinshuError } from '../../domain/errors.ts';

export const backupFile = { name: 'backup.json', version: 1 } as const;

const schema = Type.Object(
  {
    version: Type.Literal(backupFile.version),
    member: Type.String(),
    log: Type.Integer({ minimum: 0 }),
    size: Type.Integer({ minimum: 0 }),
    root: Type.String({ pattern: '^0x[0-9a-f]{64}$' }),
    /** Milliseconds. */
    at: Type.Integer(),
  },
  { additionalProperties: false },
);
/** What a backup says of itself; its presence says that the copy is whole. */
export type BackupFile = Static<typeof schema>;

/** Throws BACKUP_INVALID. */
export const readBackupFile = async (folder: string): Promise<BackupFile> => {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(join(folder, backupFile.name), 'utf8'));
  } catch (cause) {
    throw new XinshuError('BACKUP_INVALID', { folder }, { cause });
  }
  if (!Value.Check(schema, value)) throw new XinshuError('BACKUP_INVALID', { folder });
  return value;
};
