import { tileWidth } from '../../audit/tile.ts';
import { XinshuError } from '../../domain/errors.ts';
import { type NodeSource, nodeHash } from '../../domain/merkle.ts';
import type { AuditKeys } from './audit-keys.ts';
import type { Database } from './database.ts';
import type { Transaction } from './transaction.ts';

/** Levels of the binary tree in one level of tiles: every node between follows from the hashes below it. */
export const tileHeight = Math.log2(tileWidth);
const hashLength = 32;

type Tile = { readonly level: number; readonly index: number; readonly hashes: Buffer; count: number };

/** Root of a complete subtree over these neighbouring hashes. */
const fold = (hashes: Buffer): Uint8Array => {
  let row: Uint8Array[] = [];
  for (let at = 0; at < hashes.length; at += hashLength) row.push(hashes.subarray(at, at + hashLength));
  while (row.length > 1) {
    const above: Uint8Array[] = [];
    for (let at = 0; at < row.length; at += 2) above.push(nodeHash(row[at]!, row[at + 1]!));
    row = above;
  }
  return row[0]!;
};

/**
 * The tiles of one log. A full tile is written once and never again. Of those that still grow, the one of leaf hashes follows from the leaves, so it is kept in
 * memory only; those above grow once in 256 leaves and are written anew each time.
 */
export class Tiles {
  readonly #keys: AuditKeys;
  /** The growing tile of each level. */
  #growing: Tile[] = [];
  /** Full, and not known to be durable yet. */
  #full: Tile[] = [];
  readonly #touched = new Set<Tile>();

  constructor(keys: AuditKeys) {
    this.#keys = keys;
  }

  /** Takes the next hash of a level. */
  push(level: number, index: number, hash: Uint8Array): void {
    const growing = this.#growing[level];
    const tile = growing ?? { level, index: Math.floor(index / tileWidth), hashes: Buffer.alloc(tileWidth * hashLength), count: 0 };
    tile.hashes.set(hash, tile.count * hashLength);
    tile.count += 1;
    if (tile.count < tileWidth) {
      this.#growing[level] = tile;
      this.#touched.add(tile);
      return;
    }
    delete this.#growing[level];
    this.#touched.delete(tile);
    this.#full.push(tile);
  }

  seal(transaction: Transaction): void {
    for (const { level, index, hashes } of this.#full) transaction.add(this.#keys.tile(level, index), hashes);
    for (const { level, index, hashes, count } of this.#touched) {
      if (level > 0) transaction.add(this.#keys.tile(level, index), hashes.subarray(0, count * hashLength));
    }
  }

  committed(): void {
    this.#full = [];
    this.#touched.clear();
  }

  /** The tiles of a log of this size: those above the leaves out of the store, the growing one of leaf hashes out of `tail`. Throws STORE_CORRUPT. */
  reload(database: Database, size: number, tail: readonly Uint8Array[]): void {
    this.#growing = [];
    this.committed();
    for (const [place, hash] of tail.entries()) this.push(0, size - tail.length + place, hash);
    this.committed();
    let count = Math.floor(size / tileWidth);
    for (let level = 1; count > 0; level += 1) {
      const index = Math.floor(count / tileWidth);
      const width = count % tileWidth;
      if (width > 0) {
        const hashes = Buffer.alloc(tileWidth * hashLength);
        hashes.set(this.#stored(database, level, index, width));
        this.#growing[level] = { level, index, hashes, count: width };
      }
      count = index;
    }
  }

  /** The first `width` hashes of a tile that has them, one after the other. Throws STORE_CORRUPT when they are missing. */
  hashes(database: Database, level: number, index: number, width: number): Buffer {
    if (width === 0) return Buffer.alloc(0);
    const growing = this.#growing[level];
    const tile = growing?.index === index ? growing : this.#full.find((full) => full.level === level && full.index === index);
    if (tile === undefined) return this.#stored(database, level, index, width);
    if (tile.count < width) throw new XinshuError('STORE_CORRUPT', { part: 'tile', level, index });
    return tile.hashes.subarray(0, width * hashLength);
  }

  /** Every complete subtree out of the tiles. */
  nodes(database: Database): NodeSource {
    return async (level, index) => {
      const width = 2 ** (level % tileHeight);
      const tileLevel = Math.floor(level / tileHeight);
      const first = index * width;
      const place = first % tileWidth;
      const hashes = this.hashes(database, tileLevel, Math.floor(first / tileWidth), place + width);
      return fold(hashes.subarray(place * hashLength));
    };
  }

  #stored(database: Database, level: number, index: number, width: number): Buffer {
    const record = database.get(this.#keys.tile(level, index));
    // A longer one is what has grown since.
    if (record === undefined || record.length % hashLength !== 0 || record.length < width * hashLength) {
      throw new XinshuError('STORE_CORRUPT', { part: 'tile', level, index });
    }
    return record.subarray(0, width * hashLength);
  }
}
