import { tileWidth, widthIn } from '../../audit/tile.ts';
import { XinshuError } from '../../domain/errors.ts';
import { equalBytes, toHex } from '../../domain/hash.ts';
import type { UsageId } from '../../domain/ids.ts';
import { consistencyProof, inclusionProof, leafHash, rootAt } from '../../domain/merkle.ts';
import { type LeafStep, leafSteps } from '../../domain/usage-leaf.ts';
import type { AuditStore } from '../../ports/audit-store.ts';
import { type AppendModules, appendLeaf, openAside, positionOf, presentEntry, readUsageRecord } from './append-leaf.ts';
import { readU64 } from './bytes.ts';
import type { Database } from './database.ts';
import type { Writer } from './writer.ts';

/** ports/audit-store.ts over the shared writer. Reads see what is below `size()` only. Ranges beyond it throw LOG_RANGE_INVALID. */
export const auditStore = (writer: Writer, modules: AppendModules): AuditStore => {
  const { log } = modules;
  const { keys, packs, tiles } = log;

  const check = (from: number, to: number): void => {
    const fits = Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && from <= to && to <= log.size;
    if (!fits) throw new XinshuError('LOG_RANGE_INVALID', { from, to, size: log.size });
  };
  const entryOf = (database: Database, usage: UsageId, step: LeafStep) => {
    const record = database.get(keys.usage(usage, step));
    const found = record && readUsageRecord(record);
    if (found === undefined || found.index >= log.size) return undefined;
    return { found, entry: packs.at((key) => database.get(key), found) };
  };

  return {
    log: log.log,
    append: (request) => writer.submit((transaction) => appendLeaf(modules, request, transaction)),
    size: () => log.size,
    root: async (size) => {
      const database = await writer.reader();
      check(size, size);
      return toHex(await rootAt(size, tiles.nodes(database)));
    },
    inclusion: async (index, size) => {
      const database = await writer.reader();
      check(index, index);
      check(index + 1, size);
      return (await inclusionProof(index, size, tiles.nodes(database))).map(toHex);
    },
    consistency: async (from, to) => {
      const database = await writer.reader();
      check(from, to);
      return (await consistencyProof(from, to, tiles.nodes(database))).map(toHex);
    },
    tile: async (level, index, width) => {
      const database = await writer.reader();
      const fits = [level, index, width].every((value) => Number.isSafeInteger(value) && value >= 0);
      if (!fits || width > widthIn(log.size, { level, index }))
        throw new XinshuError('LOG_RANGE_INVALID', { level, index, width, size: log.size });
      return new Uint8Array(tiles.hashes(database, level, index, width));
    },
    leaves: async function* (from, to) {
      check(from, to);
      let next = from;
      while (next < to) {
        const database = await writer.reader();
        const end = Math.min(to, next - (next % tileWidth) + tileWidth);
        const hashes = tiles.hashes(database, 0, Math.floor(next / tileWidth), end - (next - (next % tileWidth)));
        for await (const { index, leaf } of packs.leaves(database, next, end)) {
          const at = (index % tileWidth) * 32;
          if (!equalBytes(leafHash(leaf), hashes.subarray(at, at + 32))) throw new XinshuError('STORE_CORRUPT', { part: 'leaf', index });
          yield { index, leaf: new Uint8Array(leaf) };
        }
        next = end;
      }
    },
    opening: async (index) => {
      const database = await writer.reader();
      check(index, index + 1);
      const opening = openAside(modules, index, await packs.aside(database, index))?.opening;
      return opening && { index, ...opening };
    },
    find: async (usage) => {
      const database = await writer.reader();
      return leafSteps.flatMap((step) => {
        const stored = entryOf(database, usage, step);
        return stored === undefined ? [] : [{ step, position: positionOf(log, stored.found, stored.entry) }];
      });
    },
    recall: async (usage, step) => {
      const stored = entryOf(await writer.reader(), usage, step);
      return stored && presentEntry(modules, stored.found, stored.entry);
    },
    tagged: async (consent, n) => {
      const database = await writer.reader();
      const record = database.get(keys.tagged(consent, n));
      if (record === undefined || readU64(record) >= log.size) return undefined;
      const index = readU64(record);
      return { log: log.log, index, leafHash: toHex(await tiles.nodes(database)(0, index)) };
    },
    count: (counterKey) => log.uses.read(writer.now(), counterKey),
  };
};
