import { widthIn } from '../../audit/tile.ts';
import { XinshuError } from '../../domain/errors.ts';
import { equalBytes, toHex } from '../../domain/hash.ts';
import type { UsageId } from '../../domain/ids.ts';
import { consistencyProof, inclusionProof, leafHash, rootAt } from '../../domain/merkle.ts';
import { type LeafStep, leafSteps } from '../../domain/usage-leaf.ts';
import type { AuditStore, LeafOpening, LogPosition } from '../../ports/audit-store.ts';
import { type AppendModules, appendLeaf, readUsageAttachment, readUsagePosition } from './append-leaf.ts';
import { nodesIn } from './audit-log.ts';
import { readU64 } from './bytes.ts';
import type { Database } from './database.ts';
import { readTile } from './read-tile.ts';
import { openUnder } from './seal.ts';
import type { Writer } from './writer.ts';

/** Leaves read from the store in one step, so that a long reading holds no snapshot open. */
const page = 1024;

/** ports/audit-store.ts over the shared writer. Reads see what is below `size()` only. Ranges beyond it throw LOG_RANGE_INVALID. */
export const auditStore = (writer: Writer, modules: AppendModules): AuditStore => {
  const { log, openingKeys } = modules;
  const { keys } = log;

  const check = (from: number, to: number): void => {
    const fits = Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && from <= to && to <= log.size;
    if (!fits) throw new XinshuError('LOG_RANGE_INVALID', { from, to, size: log.size });
  };
  const positionAt = (index: number, hash: Uint8Array): LogPosition => ({ log: log.log, index, leafHash: toHex(hash) });
  const recordOf = (database: Database, usage: UsageId, step: LeafStep) => {
    const record = database.get(keys.usage(usage, step));
    const position = record && readUsagePosition(log.log, record);
    return position !== undefined && position.index < log.size ? { record: record as Buffer, position } : undefined;
  };

  return {
    log: log.log,
    append: (request) => writer.submit((transaction) => appendLeaf(modules, request, transaction)),
    size: () => log.size,
    root: async (size) => {
      const database = await writer.reader();
      check(size, size);
      return toHex(await rootAt(size, nodesIn(database, keys)));
    },
    inclusion: async (index, size) => {
      const database = await writer.reader();
      check(index, index);
      check(index + 1, size);
      return (await inclusionProof(index, size, nodesIn(database, keys))).map(toHex);
    },
    consistency: async (from, to) => {
      const database = await writer.reader();
      check(from, to);
      return (await consistencyProof(from, to, nodesIn(database, keys))).map(toHex);
    },
    tile: async (level, index, width) => {
      const database = await writer.reader();
      const fits = [level, index, width].every((value) => Number.isSafeInteger(value) && value >= 0);
      if (!fits || width > widthIn(log.size, { level, index }))
        throw new XinshuError('LOG_RANGE_INVALID', { level, index, width, size: log.size });
      return readTile(database, keys, level, index, width);
    },
    leaves: async function* (from, to) {
      check(from, to);
      let next = from;
      while (next < to) {
        const database = await writer.reader();
        const end = Math.min(to, next + page);
        for await (const [key, record] of database.range({ gte: keys.leaf(next), lt: keys.leaf(end) })) {
          const leaf = new Uint8Array(record.subarray(32));
          const sound = readU64(key, key.length - 8) === next && equalBytes(leafHash(leaf), record.subarray(0, 32));
          if (!sound) throw new XinshuError('STORE_CORRUPT', { part: 'leaf', index: next });
          yield { index: next, leaf };
          next += 1;
        }
        if (next < end) throw new XinshuError('STORE_CORRUPT', { part: 'leaf', index: next });
      }
    },
    opening: async (index) => {
      const database = await writer.reader();
      check(index, index + 1);
      const record = database.get(keys.opening(index));
      if (record === undefined) throw new XinshuError('STORE_CORRUPT', { part: 'opening', index });
      const opened = openUnder(openingKeys, keys.opening(index), record, 'opening');
      return opened === undefined ? undefined : (JSON.parse(opened.toString('utf8')) as LeafOpening);
    },
    find: async (usage) => {
      const database = await writer.reader();
      return leafSteps.flatMap((step) => {
        const entry = recordOf(database, usage, step);
        return entry === undefined ? [] : [{ step, position: entry.position }];
      });
    },
    recall: async (usage, step) => {
      const entry = recordOf(await writer.reader(), usage, step);
      if (entry === undefined) return undefined;
      return { position: entry.position, attachment: readUsageAttachment(openingKeys, keys.usage(usage, step), entry.record) };
    },
    tagged: async (consent, n) => {
      const database = await writer.reader();
      const index = database.get(keys.tagged(consent, n));
      if (index === undefined || readU64(index) >= log.size) return undefined;
      return positionAt(readU64(index), await nodesIn(database, keys)(0, readU64(index)));
    },
    count: (counterKey) => log.uses.read(writer.now(), counterKey),
  };
};
