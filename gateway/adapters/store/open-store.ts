import { join } from 'node:path';
import { XinshuError } from '../../domain/errors.ts';
import type { MemberId } from '../../domain/ids.ts';
import type { AuditStore } from '../../ports/audit-store.ts';
import type { Randomness } from '../../ports/clock.ts';
import type { DocumentStore } from '../../ports/document-store.ts';
import type { ErasableKeys } from '../../ports/erasable-keys.ts';
import type { Namespace } from '../../ports/namespace.ts';
import { Arena } from './arena.ts';
import { AuditLog } from './audit-log.ts';
import { auditStore } from './audit-store.ts';
import type { NamespaceName } from './buckets.ts';
import { CommitSequence } from './commit-sequence.ts';
import { copySnapshot } from './copy-store.ts';
import { type Database, databaseIn, type OpenDatabase, openDatabase } from './database.ts';
import { documentStore } from './documents.ts';
import { pooled } from './entropy.ts';
import { erasableKeys } from './erasable-keys.ts';
import { checkMember, found, isEmpty, type Migration, migrate, migrations, readMeta } from './meta.ts';
import { namespaceOf } from './namespaces.ts';
import { OpeningKeys } from './opening-keys.ts';
import { Writer, type WriterLimits, writerLimits } from './writer.ts';

export type StoreOptions = {
  /** Holds two databases: `entries` and, apart from it, `opening-keys`. */
  readonly folder: string;
  /** The store belongs to this member for ever. */
  readonly member: MemberId;
  /** Number of the member's audit log. */
  readonly log: number;
  /** Without it a missing store is an error, never an empty one. With it, a store that is there is opened as it is. */
  readonly create: boolean;
  readonly randomness: Randomness;
};
export type StoreModules = {
  readonly openDatabase: OpenDatabase;
  readonly migrations: readonly Migration[];
  readonly limits: WriterLimits;
};
const standard: StoreModules = { openDatabase, migrations, limits: writerLimits };

export type GatewayStore = {
  readonly documents: DocumentStore;
  readonly audit: AuditStore;
  readonly erasable: ErasableKeys;
  /** The part of the store that another adapter keeps by itself. */
  namespace(name: NamespaceName): Namespace;
  /** Copies both databases as they are between two group commits, while work goes on, into `entries` and `opening-keys` of a folder. */
  copyTo(folder: string): Promise<void>;
  /** Finishes what waits, then closes. Later calls refuse with STORE_CLOSED. */
  close(): Promise<void>;
};

/** Checks what was opened, or founds it; afterwards it is this member's store in this program's version. */
const settle = async (database: Database, { member, create }: StoreOptions, table: readonly Migration[]): Promise<void> => {
  if (readMeta(database, 'version') === undefined) {
    if (!(await isEmpty(database))) throw new XinshuError('STORE_CORRUPT', { part: 'version' });
    // A folder that a crash left between its making and its first write.
    if (!create) throw new XinshuError('STORE_MISSING');
    await found(database, member, table);
  }
  checkMember(database, member);
  await migrate(database, table);
};

/**
 * Opens the gateway's store. One process at a time: the second gets STORE_LOCKED. Throws STORE_MISSING, STORE_LOCKED, STORE_NEWER, STORE_OLDER, STORE_OTHER_MEMBER, STORE_CORRUPT, STORE_UNAVAILABLE.
 */
export const openGatewayStore = async (options: StoreOptions, modules: StoreModules = standard): Promise<GatewayStore> => {
  const entries = join(options.folder, 'entries');
  const openingKeys = join(options.folder, 'opening-keys');
  if (databaseIn(entries) === 'none' && !options.create) throw new XinshuError('STORE_MISSING', { folder: options.folder });

  const database = await modules.openDatabase(entries);
  const randomness = pooled(options.randomness);
  const keys = new OpeningKeys(() => modules.openDatabase(openingKeys), randomness);
  try {
    await settle(database, options, modules.migrations);
    const log = new AuditLog(options.log);
    const participants = [new CommitSequence(), keys, log];
    for (const participant of participants) await participant.reload(database);
    const writer = new Writer(database, () => modules.openDatabase(entries), participants, modules.limits);
    return {
      documents: documentStore(writer, keys, randomness),
      audit: auditStore(writer, { member: options.member, log, openingKeys: keys, randomness, plaintext: new Arena() }),
      erasable: erasableKeys(writer, keys),
      namespace: (name) => namespaceOf(writer, name),
      copyTo: async (folder) => {
        // Both at once inside the critical section: no group is in the one and not in the other.
        const parts = await writer.submit(() => ({ entries: writer.now().snapshot(), 'opening-keys': keys.snapshot() }));
        try {
          for (const [name, snapshot] of Object.entries(parts)) await copySnapshot(snapshot, join(folder, name));
        } finally {
          for (const snapshot of Object.values(parts)) await snapshot.close();
        }
      },
      close: async () => {
        await writer.close();
        await keys.close();
      },
    };
  } catch (error) {
    await keys.close();
    await database.close();
    throw error;
  }
};
