import { existsSync } from 'node:fs';
import { Level } from 'level';
import { NodeError } from '../../errors.ts';
import { keys } from './keys.ts';

/** Version of the key spaces and encodings on disk; raised with every change that an older build could not read. */
const schemaVersion = '1';

export interface PutOp {
  readonly type: 'put';
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

export interface LedgerIdentity {
  readonly chainId: number;
  readonly genesisHash: string;
}

type Database = Level<Uint8Array, Uint8Array>;

/**
 * The bytes of the chain. One process at a time (the lock of the database is held while open).
 * Reads are synchronous, since blocks are executed on one thread anyway; there is one kind of write.
 */
export class LedgerStore {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  /** Makes the ledger at `location`, or completes one left without its first block. Errors: NODE_DATA_EXISTS, NODE_DATA_LOCKED. */
  static async create(location: string, identity: LedgerIdentity, genesisOps: readonly PutOp[]): Promise<LedgerStore> {
    const store = new LedgerStore(await openDatabase(location));
    if (store.#text('schema') !== undefined) {
      await store.close();
      throw new NodeError('NODE_DATA_EXISTS', { folder: location });
    }
    const meta = (name: 'schema' | 'chain' | 'genesis', text: string): PutOp => ({
      type: 'put',
      key: keys.meta(name),
      value: Buffer.from(text),
    });
    await store.write([
      meta('schema', schemaVersion),
      meta('chain', String(identity.chainId)),
      meta('genesis', identity.genesisHash),
      ...genesisOps,
    ]);
    return store;
  }

  /** Opens a ledger that was made before. Errors: NODE_DATA_MISSING, _LOCKED, _HALF_MADE, _SCHEMA, _OTHER_CHAIN, _OTHER_GENESIS. */
  static async open(location: string, identity: LedgerIdentity): Promise<LedgerStore> {
    if (!existsSync(location)) throw new NodeError('NODE_DATA_MISSING', { folder: location });
    const store = new LedgerStore(await openDatabase(location));
    const fault = store.#identityFault(location, identity);
    if (fault !== undefined) {
      await store.close();
      throw fault;
    }
    return store;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#database.getSync(key);
  }

  /** All or nothing, and on disk when it resolves. Rejects if the disk refuses; then nothing of it is there after the next start. */
  async write(ops: readonly PutOp[]): Promise<void> {
    await this.#database.batch([...ops], { sync: true });
  }

  /** Keys in [from, to], ascending. */
  keysBetween(from: Uint8Array, to: Uint8Array): AsyncIterable<Uint8Array> {
    return this.#database.keys({ gte: from, lte: to });
  }

  async close(): Promise<void> {
    await this.#database.close();
  }

  #text(name: 'schema' | 'chain' | 'genesis'): string | undefined {
    const bytes = this.get(keys.meta(name));
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  }

  #identityFault(folder: string, identity: LedgerIdentity): NodeError | undefined {
    const schema = this.#text('schema');
    if (schema === undefined) return new NodeError('NODE_DATA_HALF_MADE', { folder });
    if (schema !== schemaVersion) return new NodeError('NODE_DATA_SCHEMA', { folder, found: schema, expected: schemaVersion });
    const chain = this.#text('chain') ?? '';
    if (chain !== String(identity.chainId))
      return new NodeError('NODE_DATA_OTHER_CHAIN', { folder, found: chain, expected: identity.chainId });
    const genesis = this.#text('genesis') ?? '';
    if (genesis !== identity.genesisHash)
      return new NodeError('NODE_DATA_OTHER_GENESIS', { folder, found: genesis, expected: identity.genesisHash });
    return undefined;
  }
}

async function openDatabase(location: string): Promise<Database> {
  const database: Database = new Level(location, { keyEncoding: 'view', valueEncoding: 'view' });
  try {
    await database.open();
  } catch (error) {
    const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined;
    if (cause?.code === 'LEVEL_LOCKED') throw new NodeError('NODE_DATA_LOCKED', { folder: location }, { cause: error });
    throw new NodeError('NODE_DATA_CORRUPT', { folder: location }, { cause: error });
  }
  return database;
}
