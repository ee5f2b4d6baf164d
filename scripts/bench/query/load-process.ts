import { Pool } from 'undici';
import { randomStream } from '../../generate/random.ts';
import { latencyOf } from '../measure/line.ts';
import type { LoadJob, LoadOutcome, LoadReport } from './load-job.ts';

/** More than are ever in flight in a run worth looking at. */
const openConnections = 512;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const run = async ({ origin, path, headers, bodies, seconds, pace }: LoadJob): Promise<LoadOutcome> => {
  const pool = new Pool(origin, { connections: pace.kind === 'closed' ? pace.inFlight : openConnections, pipelining: 1 });
  const latencies: number[] = [];
  let [sent, answerBytes, lastAnswer] = [0, 0, ''];
  const ask = async (since: number): Promise<void> => {
    const body = bodies[sent++ % bodies.length];
    const { statusCode, body: answer } = await pool.request({ method: 'POST', path, headers, body: body as string });
    const text = await answer.text();
    if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}: ${text.slice(0, 500)}`);
    latencies.push(performance.now() - since);
    answerBytes += text.length;
    lastAnswer = text;
  };
  const before = process.cpuUsage();
  const start = performance.now();
  const end = start + seconds * 1000;
  try {
    if (pace.kind === 'closed') {
      const worker = async (): Promise<void> => {
        for (let now = start; now < end; now = performance.now()) await ask(now);
      };
      await Promise.all(Array.from({ length: pace.inFlight }, worker));
    } else {
      const random = randomStream(pace.seed);
      const underWay = new Set<Promise<void>>();
      let failure: unknown;
      for (let due = start; due < end && failure === undefined; ) {
        const now = performance.now();
        if (due > now) await wait(due - now);
        const one = ask(due)
          .catch((error: unknown) => {
            failure = error;
          })
          .finally(() => underWay.delete(one));
        underWay.add(one);
        // Exponential gaps: callers that know nothing of each other.
        due += (-Math.log(1 - random.next()) * 1000) / pace.perSecond;
      }
      await Promise.all(underWay);
      if (failure !== undefined) throw failure;
    }
    const took = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(before);
    return {
      answered: latencies.length,
      seconds: took,
      perSecond: latencies.length / took,
      latency: latencyOf(latencies),
      answerBytes: Math.round(answerBytes / latencies.length),
      lastAnswer,
      processorSeconds: (user + system) / 1e6,
    };
  } finally {
    await pool.destroy();
  }
};

process.on('message', (job: LoadJob) => {
  const report = (message: LoadReport): void => {
    process.send?.(message);
  };
  run(job).then(
    (outcome) => report({ outcome }),
    (error: unknown) => report({ failure: error instanceof Error ? error.message : String(error) }),
  );
});
