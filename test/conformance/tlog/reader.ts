import { same, Untrusted } from './bytes.ts';
import { entryHash, extends_, includes, type Nodes, parent, path, subproof, treeHash } from './merkle.ts';
import { type Head, readCheckpoint, readVerifierKey, type VerifierKey } from './note.ts';

/** GET of `<prefix>/<name>`: the body, decoded; anything but 200 throws. */
export type Get = (name: string) => Promise<Uint8Array>;
export type Entry = { readonly index: number; readonly bytes: Uint8Array; readonly hash: Uint8Array };

const width = 256;
const hashBytes = 32;
/** Tiles that are kept for the next question, so that memory does not grow with the log. */
const kept = 64;

/** C2SP tlog-tiles: 3-digit groups, all but the last behind an x. */
export const tileName = (level: number | 'entries', index: number, size: number): string => {
  const groups: string[] = [];
  for (let rest = index; groups.length === 0 || rest > 0; rest = Math.floor(rest / 1000))
    groups.unshift(`${groups.length === 0 ? '' : 'x'}${String(rest % 1000).padStart(3, '0')}`);
  const onLevel = Math.floor(size / width ** (level === 'entries' ? 0 : level));
  const partial = onLevel - index * width;
  if (partial <= 0) throw new Error(`no tile ${level}/${index} in a tree of ${size}`);
  return `tile/${level}/${groups.join('/')}${partial < width ? `.p/${partial}` : ''}`;
};

const hashOf = (tile: Uint8Array, at: number): Uint8Array => tile.subarray(at * hashBytes, (at + 1) * hashBytes);

/** Reads one log in the format of C2SP tlog-tiles and believes only what its checkpoint, under the verifier key, stands for. */
export class TlogReader {
  readonly #get: Get;
  readonly #origin: string;
  readonly #verifier: VerifierKey;
  /** By name: what a name stands for never changes. */
  readonly #pyramids = new Map<string, readonly (readonly Uint8Array[])[]>();

  constructor(get: Get, origin: string, verifierKey: string) {
    this.#get = get;
    this.#origin = origin;
    this.#verifier = readVerifierKey(verifierKey);
  }

  async head(): Promise<Head> {
    return readCheckpoint(await this.#get('checkpoint'), this.#origin, this.#verifier);
  }

  /** The hashes of a tile, and above them what can be computed of the eight levels it stands for. */
  async #pyramid(level: number, index: number, size: number): Promise<readonly (readonly Uint8Array[])[]> {
    const name = tileName(level, index, size);
    const known = this.#pyramids.get(name);
    if (known !== undefined) return known;
    const tile = await this.#get(name);
    const wanted = Number(/\.p\/([0-9]+)$/.exec(name)?.[1] ?? width);
    if (tile.length !== wanted * hashBytes) throw new Untrusted(`${name} has ${tile.length} bytes`);
    const rows = [Array.from({ length: wanted }, (_, at) => hashOf(tile, at))];
    for (let row = rows[0] as Uint8Array[]; row.length > 1; ) {
      row = Array.from({ length: row.length >> 1 }, (_, at) => parent(row[2 * at] as Uint8Array, row[2 * at + 1] as Uint8Array));
      rows.push(row);
    }
    this.#pyramids.set(name, rows);
    if (this.#pyramids.size > kept) this.#pyramids.delete(this.#pyramids.keys().next().value as string);
    return rows;
  }

  #nodes(size: number): Nodes {
    return async (height, index) => {
      const [level, up] = [Math.floor(height / 8), height % 8];
      const perTile = width >> up;
      const rows = await this.#pyramid(level, Math.floor(index / perTile), size);
      const hash = rows[up]?.[index % perTile];
      if (hash === undefined) throw new Error(`no node ${height}/${index} in a tree of ${size}`);
      return hash;
    };
  }

  /** Whether the tiles lead to the checkpoint's root. */
  async checkRoot({ size, root }: Head): Promise<void> {
    if (!same(await treeHash(0, size, this.#nodes(size)), root)) throw new Untrusted(`the tiles have another root at ${size}`);
  }

  /** Whether the older head is a prefix of the newer. */
  async checkConsistency(older: Head, newer: Head): Promise<void> {
    if (older.size > newer.size) throw new Untrusted(`${newer.size} is shorter than ${older.size}`);
    const proof = older.size === 0 ? [] : await subproof(older.size, 0, newer.size, true, this.#nodes(newer.size));
    if (!extends_(BigInt(older.size), older.root, BigInt(newer.size), newer.root, proof))
      throw new Untrusted(`${newer.size} does not extend ${older.size}`);
  }

  /** Whether the entry stands where it says. */
  async checkInclusion({ size, root }: Head, { index, hash }: Pick<Entry, 'index' | 'hash'>): Promise<void> {
    const proof = await path(index, 0, size, this.#nodes(size));
    if (!includes(hash, BigInt(index), BigInt(size), proof, root)) throw new Untrusted(`entry ${index} is not in the tree of ${size}`);
  }

  /** Entries out of the bundles: big-endian uint16 lengths and nothing beside. */
  async *entries({ size }: Head): AsyncGenerator<Entry> {
    for (let bundle = 0; bundle * width < size; bundle += 1) {
      const name = tileName('entries', bundle, size);
      const bytes = await this.#get(name);
      const wanted = Math.min(width, size - bundle * width);
      let at = 0;
      for (let n = 0; n < wanted; n += 1) {
        const end = at + 2 + (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
        if (at + 2 > bytes.length || end > bytes.length) throw new Untrusted(`${name} ends within an entry`);
        const entry = bytes.subarray(at + 2, end);
        yield { index: bundle * width + n, bytes: entry, hash: entryHash(entry) };
        at = end;
      }
      if (at !== bytes.length) throw new Untrusted(`${name} goes on after its entries`);
    }
  }

  /** Reads all of it: every tile must hold exactly the hashes that the entries give, and the root be the checkpoint's. Memory does not grow with the log. */
  async checkEverything(head: Head, seen: (entry: Entry) => Promise<void> | void = () => undefined): Promise<void> {
    const open: Uint8Array[][] = [];
    const tiles: number[] = [];
    const close = async (level: number): Promise<Uint8Array> => {
      const row = open[level] as Uint8Array[];
      const index = tiles[level] ?? 0;
      const rows = await this.#pyramid(level, index, head.size);
      const tile = rows[0] as readonly Uint8Array[];
      if (tile.length !== row.length || !row.every((hash, at) => same(hash, tile[at] as Uint8Array)))
        throw new Untrusted(`tile ${level}/${index} is not that of the entries`);
      tiles[level] = index + 1;
      open[level] = [];
      return rows[8]?.[0] ?? new Uint8Array();
    };
    const push = async (level: number, hash: Uint8Array): Promise<void> => {
      open[level] ??= [];
      open[level].push(hash);
      if (open[level].length === width) await push(level + 1, await close(level));
    };
    let count = 0;
    for await (const entry of this.entries(head)) {
      await push(0, entry.hash);
      await seen(entry);
      count += 1;
    }
    if (count !== head.size) throw new Untrusted(`${count} entries of ${head.size}`);
    for (const [level, row] of open.entries()) if (row.length > 0) await close(level);
    await this.checkRoot(head);
  }
}
