import { tileWidth } from '../../audit/tile.ts';
import { XinshuError } from '../../domain/errors.ts';
import type { AuditKeys } from './audit-keys.ts';
import { readU64 } from './bytes.ts';
import type { Database } from './database.ts';

const hashLength = 32;
/** Levels of the binary tree in one level of tiles. */
const tileHeight = Math.log2(tileWidth);

/** The first `width` hashes of a tile, in one read of neighbouring keys. Throws STORE_CORRUPT where one is missing. */
export const readTile = async (database: Database, keys: AuditKeys, level: number, index: number, width: number): Promise<Uint8Array> => {
  const key = (at: number): Buffer => (level === 0 ? keys.leaf(at) : keys.node(level * tileHeight, at));
  const from = index * tileWidth;
  const tile = Buffer.allocUnsafe(width * hashLength);
  let next = from;
  for await (const [found, record] of database.range({ gte: key(from), lt: key(from + width) })) {
    if (readU64(found, found.length - 8) !== next || record.length < hashLength) break;
    tile.set(record.subarray(0, hashLength), (next - from) * hashLength);
    next += 1;
  }
  if (next < from + width) throw new XinshuError('STORE_CORRUPT', { part: 'node', level: level * tileHeight, index: next });
  return tile;
};
