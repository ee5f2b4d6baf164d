/* Tiles and entry bundles of a log (C2SP tlog-tiles): names, widths and bytes. */

/** Hashes of a full tile, and entries of a full bundle. */
export const tileWidth = 256;

/** One tile of hashes of a level, or one bundle of entries. `width` is below 256 for a partial one. */
export type Tile = { readonly level: number | 'entries'; readonly index: number; readonly width: number };

const levelText = '[1-5]?[0-9]|6[0-3]';
// An index has one spelling: no leading group of zeroes. Six groups hold every exact integer of a number.
const indexText = '(?:(?!x000/)x[0-9]{3}/(?:x[0-9]{3}/){0,4})?[0-9]{3}';
const partialText = '[1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]';
const tileName = new RegExp(`^tile/(entries|${levelText})/(${indexText})(?:\\.p/(${partialText}))?$`);

/** Reads `tile/<L>/<N>[.p/<W>]` and `tile/entries/<N>[.p/<W>]`; undefined for any other text and any other spelling. */
export const parseTileName = (name: string): Tile | undefined => {
  const [, level, groups, width] = tileName.exec(name) ?? [];
  if (level === undefined || groups === undefined) return undefined;
  const index = Number(groups.replaceAll(/[x/]/g, ''));
  if (!Number.isSafeInteger((index + 1) * tileWidth)) return undefined;
  return { level: level === 'entries' ? level : Number(level), index, width: width === undefined ? tileWidth : Number(width) };
};

/** How many of its hashes the tile at this place has in a tree of `size` leaves: floor(size / 256^level) of the level, cut to this tile. */
export const widthIn = (size: number, { level, index }: Pick<Tile, 'level' | 'index'>): number => {
  const onLevel = Math.floor(size / tileWidth ** (level === 'entries' ? 0 : level));
  return Math.max(0, Math.min(tileWidth, onLevel - index * tileWidth));
};

/** Entries one after the other, each behind its length as a big-endian uint16. Throws RangeError for an entry that no bundle can hold. */
export const entryBundle = (entries: readonly Uint8Array[]): Uint8Array => {
  const bundle = Buffer.allocUnsafe(entries.reduce((sum, entry) => sum + 2 + entry.length, 0));
  let at = 0;
  for (const entry of entries) {
    if (entry.length > 0xffff) throw new RangeError('an entry of a bundle has at most 65535 bytes');
    at = bundle.writeUInt16BE(entry.length, at);
    bundle.set(entry, at);
    at += entry.length;
  }
  return bundle;
};
