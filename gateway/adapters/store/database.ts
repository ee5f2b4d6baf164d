import { existsSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';
import { XinshuError } from '../../domain/errors.ts';

export type Write =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array };
export type Range = { readonly gte: Uint8Array; readonly lt: Uint8Array; readonly reverse?: boolean; readonly limit?: number };

/** All that was in a database at one moment. */
export interface Snapshot {
  entries(): AsyncIterable<readonly [Buffer, Buffer]>;
  close(): Promise<void>;
}

/** Ordered bytes in one folder. `batch` is atomic and resolves after fsync; the seam at which the fault tests stand. */
export interface Database {
  get(key: Uint8Array): Buffer | undefined;
  range(range: Range): AsyncIterable<readonly [Buffer, Buffer]>;
  batch(writes: readonly Write[]): Promise<void>;
  /** Rewrites the files of this range, so that they hold nothing that was overwritten or deleted. */
  compact(range: Pick<Range, 'gte' | 'lt'>): Promise<void>;
  /** Of this moment; to be closed. */
  snapshot(): Snapshot;
  close(): Promise<void>;
}
export type OpenDatabase = (folder: string) => Promise<Database>;

/** Files of the memory table's log: the more, the fewer rewrites; replayed at every start, 16 MiB in some 0.2 s. */
const writeBufferSize = 16 * 1024 * 1024;

const codeOf = (error: unknown): string => {
  const at = error as { code?: string; cause?: unknown } | undefined;
  return at?.cause === undefined ? (at?.code ?? '') : codeOf(at.cause);
};

const failure = (error: unknown, folder: string): XinshuError => {
  const code = codeOf(error);
  if (code === 'LEVEL_LOCKED') return new XinshuError('STORE_LOCKED', { folder }, { cause: error });
  if (code === 'LEVEL_CORRUPTION') return new XinshuError('STORE_CORRUPT', { folder, part: 'files' }, { cause: error });
  return new XinshuError('STORE_UNAVAILABLE', { folder }, { cause: error });
};

/** LevelDB keeps the name of its manifest in CURRENT; with that file gone it would take the folder for an empty one and delete what is in it. */
export const databaseIn = (folder: string): 'none' | 'whole' => {
  if (existsSync(join(folder, 'CURRENT'))) return 'whole';
  const files = existsSync(folder) ? readdirSync(folder) : [];
  if (files.some((file) => /^MANIFEST-|\.(ldb|sst|log)$/.test(file))) throw new XinshuError('STORE_CORRUPT', { folder, part: 'CURRENT' });
  return 'none';
};

const wrap = (level: Level<Buffer, Buffer>, folder: string): Database => ({
  get: (key) => {
    try {
      return level.getSync(key as Buffer);
    } catch (error) {
      throw failure(error, folder);
    }
  },
  async *range(range) {
    try {
      yield* level.iterator({ ...range, gte: range.gte as Buffer, lt: range.lt as Buffer, limit: range.limit ?? -1 });
    } catch (error) {
      throw failure(error, folder);
    }
  },
  batch: (writes) => level.batch(writes as { type: 'put'; key: Buffer; value: Buffer }[], { sync: true }),
  compact: async ({ gte, lt }) => {
    try {
      // Of the implementation that Node gets; the common type does not name it.
      await (level as unknown as { compactRange(start: Buffer, end: Buffer): Promise<void> }).compactRange(gte as Buffer, lt as Buffer);
    } catch (error) {
      throw failure(error, folder);
    }
  },
  snapshot: () => {
    const snapshot = level.snapshot();
    return { entries: () => level.iterator({ snapshot }), close: () => snapshot.close() };
  },
  close: () => level.close(),
});

/** Opens, or makes, the database in a folder that only this user can read. Throws STORE_LOCKED, STORE_CORRUPT, STORE_UNAVAILABLE. */
export const openDatabase: OpenDatabase = async (folder) => {
  databaseIn(folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Most of what is here is hashes and ciphertext, which don't compress.
  const level = new Level<Buffer, Buffer>(folder, {
    keyEncoding: 'buffer',
    valueEncoding: 'buffer',
    writeBufferSize,
    compression: false,
  } as object);
  try {
    await level.open();
  } catch (error) {
    throw failure(error, folder);
  }
  return wrap(level, folder);
};
