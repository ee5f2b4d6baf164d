import { type Database, openDatabase } from '../../../gateway/adapters/store/database.ts';
import { migrations } from '../../../gateway/adapters/store/meta.ts';
import { writerLimits } from '../../../gateway/adapters/store/writer.ts';
import { consentOf, counterOf, draftOf } from '../../../test/helpers/append-requests.ts';
import { levelStore } from '../../../test/helpers/level-store.ts';
import { type Bench, type Line, latencyOf } from '../measure/line.ts';
import { type BatchShape, secondsOfSyncedBatches } from '../measure/synced-batches.ts';
import { signCheckpoints } from './sign-checkpoints.ts';

const callersTogether = [1, 16, 64, 256];
/** As large as what a provider keeps of one request. */
const attachmentBytes = 2_300;
const consents = Array.from({ length: 64 }, (_, number) => consentOf(number));

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

const measure = async (callers: number, seconds: number, signed = false): Promise<Line> => {
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
      const consent = consents[number % consents.length]!;
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
    const signing = signed ? await signCheckpoints(store) : undefined;
    await during(1);
    shapes.length = 0;
    latencies.length = 0;
    const signedBefore = signing?.count() ?? 0;
    const usage = process.cpuUsage();
    const took = await during(seconds);
    const { user, system } = process.cpuUsage(usage);
    const signatures = (signing?.count() ?? 0) - signedBefore;
    await signing?.stop();
    const raw = await secondsOfSyncedBatches(shapes);
    const appended = latencies.length;
    return {
      what: `durable${signed ? ', signed' : ''} append, ${callers} caller${callers === 1 ? '' : 's'}`,
      perSecond: appended / took,
      latency: latencyOf(latencies),
      limit: {
        what: `the same batches${signed ? ' and signatures' : ''}, raw`,
        perSecond: appended / (raw + signatures * (signing?.secondsOfOne ?? 0)),
      },
      facts: {
        'appends in a group': (appended / shapes.length).toFixed(1),
        'CPU µs an append': ((user + system) / appended).toFixed(1),
        ...(signed
          ? {
              'appends a checkpoint': Math.round(appended / signatures),
              'signatures alone a second': Math.round(1 / signing!.secondsOfOne),
            }
          : {}),
      },
    };
  } finally {
    await store.close();
  }
};

/** Entries of the audit log, each made durable, with counters, sealed opening and attachment; last, with checkpoints signed and published all the while. */
export const appendRate: Bench = async ({ seconds }) => {
  const lines: Line[] = [];
  for (const callers of callersTogether) lines.push(await measure(callers, Math.min(seconds, 5)));
  lines.push(await measure(callersTogether.at(-1)!, Math.min(seconds, 5), true));
  return lines;
};
