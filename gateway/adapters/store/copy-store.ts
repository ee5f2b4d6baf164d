import type { Database, OpenDatabase, Snapshot, Write } from './database.ts';
import { openDatabase } from './database.ts';

/** Bytes written to the copy at once. */
const batchBytes = 4 * 1024 * 1024;

/** Writes what the snapshot shows into a new database in `folder`, durably. */
export const copySnapshot = async (snapshot: Snapshot, folder: string, open: OpenDatabase = openDatabase): Promise<void> => {
  const copy = await open(folder);
  try {
    await fill(copy, snapshot);
  } finally {
    await copy.close();
  }
};

const fill = async (copy: Database, snapshot: Snapshot): Promise<void> => {
  let writes: Write[] = [];
  let bytes = 0;
  for await (const [key, value] of snapshot.entries()) {
    writes.push({ type: 'put', key, value });
    bytes += key.length + value.length;
    if (bytes < batchBytes) continue;
    await copy.batch(writes);
    [writes, bytes] = [[], 0];
  }
  if (writes.length > 0) await copy.batch(writes);
};
