import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Level } from 'level';

/** Writes of one batch: [bytes of the key, bytes of the value]. */
export type BatchShape = readonly (readonly [keyBytes: number, valueBytes: number])[];

/** Fixed bytes that look random and differ from write to write: what a store holds is hashes and ciphertext mostly. */
const filler = (length: number, seed: number): Buffer => {
  const bytes = Buffer.allocUnsafe(length);
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  for (let place = 0; place < length; place += 1) {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    bytes[place] = state >>> 24;
  }
  return bytes;
};

/** Seconds that `level` takes to write batches of these shapes one after the other, each synced to disk: the least that a durable store on it can need. */
export const secondsOfSyncedBatches = async (shapes: readonly BatchShape[]): Promise<number> => {
  const folder = await mkdtemp(join(tmpdir(), 'xinshu-bench-'));
  const level = new Level<Buffer, Buffer>(folder, {
    keyEncoding: 'buffer',
    valueEncoding: 'buffer',
    writeBufferSize: 16 * 1024 * 1024,
    compression: false,
  } as object);
  try {
    await level.open();
    let seed = 0;
    const batches = shapes.map((shape) =>
      shape.map(([key, value]) => {
        seed += 1;
        return { type: 'put' as const, key: filler(Math.max(key, 8), seed), value: filler(value, -seed) };
      }),
    );
    const start = performance.now();
    for (const batch of batches) await level.batch(batch, { sync: true });
    return (performance.now() - start) / 1000;
  } finally {
    await level.close();
    await rm(folder, { recursive: true, force: true });
  }
};
