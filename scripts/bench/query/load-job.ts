import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Latency } from '../measure/line.ts';

/** What the load generator is told to send: `bodies` in turn, by POST over connections kept alive. */
export type LoadJob = {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodies: readonly string[];
  readonly seconds: number;
  readonly pace:
    | { readonly kind: 'closed'; readonly inFlight: number }
    /** Arrivals at random moments, whether or not the earlier ones are answered; latency counts from the moment of arrival. */
    | { readonly kind: 'open'; readonly perSecond: number; readonly seed: string };
};
export type LoadOutcome = {
  readonly answered: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly latency: Latency;
  /** Mean bytes of an answer. */
  readonly answerBytes: number;
  readonly lastAnswer: string;
  readonly processorSeconds: number;
};
export type LoadReport = { readonly outcome: LoadOutcome } | { readonly failure: string };

/** The load generator: a process of its own, so that making the load does not slow what is measured but for the processor it takes. */
export class LoadGenerator {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(fileURLToPath(new URL('./load-process.ts', import.meta.url)), { stdio: 'inherit' });
  }

  /** Rejects when any answer is not 200. */
  async run(job: LoadJob): Promise<LoadOutcome> {
    const answer = once(this.#child, 'message', { signal: AbortSignal.timeout(job.seconds * 1000 + 60_000) });
    this.#child.send(job);
    const [report] = (await answer) as [LoadReport];
    if ('failure' in report) throw new Error(report.failure);
    return report.outcome;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}
