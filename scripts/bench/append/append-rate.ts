import { type Database, openDatabase } from '../../../gateway/adapters/store/database.ts';
import { migrations } from '../../../gateway/adapters/store/meta.ts';
import { writerLimits } from '../../../gateway/adapters/store/writer.ts';
import { consentOf, counterOf, draftOf } from '../../../test/helpers/append-requests.ts';
import { levelStore } from '../../../test/helpers/level-store.ts';
import { type Bench, type Line, latencyOf } from '../measure/line.ts';
import { type BatchShape, secondsOfSyncedBatches } from '../measure/synced-batches.ts';

const callersTogether = [1, 16, 64, 256];
/** As large as what a provider keeps of one request. */
const attachmentBytes = 2_300;
const consents = 64;

/** What one query commits to, in the lengths of the sample data. */
const committed = {
  counterparty: 'bank-changan',
  subject: '{"code":"91619900MA00000000","type":"enterprise"}',
  staff: 'Li Na',
  grant: `0x${'a'.repeat(64)}`,
  consent: `0x${'b'.repeat(64)}`,
  dataset: 'grid-qinchuan.electricity',
  fields: '["billFen","kWh","overdueDays","period"]',
  purpose: 'loan-approval',
  operation: 'raw',
  price: '50',
  message: `0x${'c'.repeat(64)}`,
};

const measure = async (callers: number, seconds: number): Promise<Line> => {
  const shapes: BatchShape[] = [];
  /** The store's own database, which notes how many bytes each of its batches held. */
  const noting = async (folder: string): Promise<Database> => {
    const database = await openDatabase(folder);
    return {
      ...database,
      batch: (writes) => {
        shapes.push(writes.map((write) => [write.key.length, write.type === 'put' ? write.value.length : 0]));
        return database.batch(writes);
      },
    };
  };
  const store = await levelStore({}, { openDatabase: noting, migrations, limits: writerLimits });
  try {
    const attachment = new Uint8Array(attachmentBytes).fill(97);
    const latencies: number[] = [];
    let next = 0;
    const append = async (): Promise<void> => {
      const [number, since] = [next++, performance.now()];
      const consent = consentOf(number % consents);
      const counters = [counterOf(`consent/${consent.id}/grid-qinchuan.electricity`, 4e9), counterOf('grant/1', Number.MAX_SAFE_INTEGER)];
      const { kind } = await store.audit.append({ draft: draftOf(number, { consent, committed }), counters, attachment });
      if (kind !== 'appended') throw new Error(`append ${number} was ${kind}`);
      latencies.push(performance.now() - since);
    };
    const during = async (length: number): Promise<number> => {
      const start = performance.now();
      const caller = async (): Promise<void> => {
        while (performance.now() < start + length * 1000) await append();
      };
      await Promise.all(Array.from({ length: callers }, caller));
      return (performance.now() - start) / 1000;
    };
    await during(1);
    shapes.length = 0;
    latencies.length = 0;
    const took = await during(seconds);
    const raw = await secondsOfSyncedBatches(shapes);
    const appended = latencies.length;
    return {
      what: `durable append, ${callers} caller${callers === 1 ? '' : 's'}`,
      perSecond: appended / took,
      latency: latencyOf(latencies),
      limit: { what: 'the same batches, raw', perSecond: appended / raw },
      facts: { 'appends in a group': (appended / shapes.length).toFixed(1) },
    };
  } finally {
    await store.close();
  }
};

/** Entries of the audit log with counters, sealed opening and attachment, made durable. */
export const appendRate: Bench = async ({ seconds }) => {
  const lines: Line[] = [];
  for (const callers of callersTogether) lines.push(await measure(callers, Math.min(seconds, 5)));
  return lines;
};
