import { XinshuError } from '../../domain/errors.ts';
import type { MemberId } from '../../domain/ids.ts';
import { buckets } from './buckets.ts';
import { utf8 } from './bytes.ts';
import type { Database, Write } from './database.ts';

type MetaName = 'version' | 'member';
const keyOf = (name: MetaName): Buffer => Buffer.concat([Buffer.of(buckets.meta), utf8(name)]);

export const readMeta = (database: Database, name: MetaName): string | undefined => database.get(keyOf(name))?.toString('utf8');

export const metaWrite = (name: MetaName, text: string): Write => ({ type: 'put', key: keyOf(name), value: utf8(text) });

export const isEmpty = async (database: Database): Promise<boolean> => {
  for await (const _ of database.range({ gte: Buffer.of(0), lt: Buffer.of(255), limit: 1 })) return false;
  return true;
};

/** Takes an older store one version further: the writes to make, which go into one durable batch together with the new version number. */
export type Migration = (database: Database) => Promise<readonly Write[]>;

/** Layouts from before this one were never released and are not read any more. */
const oldest = 2;

/** Append-only: the migration at place i takes version `oldest` + i to the next. */
export const migrations: readonly Migration[] = [];

/** The first state of a new store. */
export const found = (database: Database, member: MemberId, table: readonly Migration[]): Promise<void> =>
  database.batch([metaWrite('version', String(oldest + table.length)), metaWrite('member', member)]);

/** Brings the store to the version of this program. Throws STORE_NEWER, STORE_OLDER, STORE_CORRUPT. Interrupted anywhere, it goes on at the next start. */
export const migrate = async (database: Database, table: readonly Migration[]): Promise<void> => {
  const known = oldest + table.length;
  const written = readMeta(database, 'version') ?? '';
  if (!/^[1-9][0-9]*$/.test(written)) throw new XinshuError('STORE_CORRUPT', { part: 'version' });
  let version = Number(written);
  if (version > known) throw new XinshuError('STORE_NEWER', { version, known });
  if (version < oldest) throw new XinshuError('STORE_OLDER', { version, oldest });
  for (const migration of table.slice(version - oldest)) {
    const writes = await migration(database);
    version += 1;
    await database.batch([...writes, metaWrite('version', String(version))]);
  }
};

/** Throws STORE_OTHER_MEMBER, STORE_CORRUPT. */
export const checkMember = (database: Database, member: MemberId): void => {
  const owner = readMeta(database, 'member');
  if (owner === undefined) throw new XinshuError('STORE_CORRUPT', { part: 'member' });
  if (owner !== member) throw new XinshuError('STORE_OTHER_MEMBER', { owner, member });
};
