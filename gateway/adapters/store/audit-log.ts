import { tileWidth } from '../../audit/tile.ts';
import { XinshuError } from '../../domain/errors.ts';
import { equalBytes } from '../../domain/hash.ts';
import type { ConsentId } from '../../domain/ids.ts';
import { CompactTree, edgeAt, leafHash } from '../../domain/merkle.ts';
import { AuditKeys } from './audit-keys.ts';
import { Packs, type Place, type Staged } from './audit-packs.ts';
import { Tiles, tileHeight } from './audit-tiles.ts';
import { readU64, u64 } from './bytes.ts';
import { Counts } from './counts.ts';
import type { Database } from './database.ts';
import type { Transaction } from './transaction.ts';
import type { Participant } from './writer.ts';

/** The growing end of one audit log: the tree that the next append extends, how much of it is durable, uses by counter, tagged leaves by consent. */
export class AuditLog implements Participant {
  readonly log: number;
  readonly keys: AuditKeys;
  readonly uses: Counts<string>;
  readonly tags: Counts<ConsentId>;
  readonly tiles: Tiles;
  readonly packs: Packs;
  #tree = new CompactTree();
  #durable = 0;

  constructor(log: number) {
    this.log = log;
    this.keys = new AuditKeys(log);
    this.uses = new Counts((key) => this.keys.counter(key));
    this.tags = new Counts((consent) => this.keys.tagCount(consent));
    this.tiles = new Tiles(this.keys);
    this.packs = new Packs(this.keys);
  }

  /** Leaves that are durable. */
  get size(): number {
    return this.#durable;
  }

  /** The index that the next leaf gets. */
  get next(): number {
    return this.#tree.size;
  }

  /** Takes one entry into the log; written with the others of its group. */
  append(transaction: Transaction, hash: Uint8Array, entry: Staged): Place {
    this.#tree.append(hash, (level, index, node) => {
      if (level % tileHeight === 0) this.tiles.push(level / tileHeight, index, node);
    });
    transaction.touch(entry.leaf.length + entry.aside.reduce((sum, part) => sum + part.length, 0));
    return this.packs.push(entry);
  }

  seal(transaction: Transaction): void {
    if (this.#tree.size === this.#durable) return;
    transaction.add(this.keys.head, Buffer.concat([u64(this.#tree.size), this.#tree.root()]));
    this.packs.seal(transaction);
    this.tiles.seal(transaction);
    this.uses.seal(transaction);
    this.tags.seal(transaction);
  }

  committed(): void {
    this.#durable = this.#tree.size;
    this.packs.committed();
    this.tiles.committed();
    this.uses.committed();
    this.tags.committed();
  }

  /**
   * Reads the leaves of the last, growing tile and the tiles above it. Throws STORE_CORRUPT when they don't give the root that was written with the last leaf.
   */
  async reload(database: Database): Promise<void> {
    this.uses.forget();
    this.tags.forget();
    const head = database.get(this.keys.head);
    const size = head === undefined ? 0 : readU64(head);
    const tail: Uint8Array[] = [];
    for await (const { leaf } of this.packs.leaves(database, size - (size % tileWidth), size)) tail.push(leafHash(leaf));
    this.tiles.reload(database, size, tail);
    const tree = new CompactTree(size, await edgeAt(size, this.tiles.nodes(database)));
    if (head !== undefined && !equalBytes(tree.root(), head.subarray(8))) throw new XinshuError('STORE_CORRUPT', { part: 'root', size });
    if (database.get(this.keys.leaves(size)) !== undefined) throw new XinshuError('STORE_CORRUPT', { part: 'head', size });
    this.packs.reload(size);
    this.#tree = tree;
    this.#durable = size;
  }
}
