import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const endsWithParent = new URL('./ends-with-parent.ts', import.meta.url).href;

export type ProcessSpec = {
  readonly name: string;
  readonly args: readonly string[];
  readonly logFile: string;
  /** Called with the line of JSON that the process prints once it is ready to serve. */
  readonly onReady?: (line: string) => void;
};

/**
 * One process of the network, kept running: an exit nobody asked for is followed by a new start after a growing pause (0.2 s to 5 s).
 * Standard error goes to the log file; the first line on standard output means ready.
 */
export class KeptProcess {
  readonly spec: ProcessSpec;
  restarts = 0;
  #isReady = false;
  /** Starts in a row that ended before the process was ready. */
  #failures = 0;
  #child: ChildProcess | undefined;
  #stopping = false;
  #pause: NodeJS.Timeout | undefined;

  constructor(spec: ProcessSpec) {
    this.spec = spec;
  }

  get pid(): number | undefined {
    return this.#child?.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined;
  }

  /** It said that it serves, and has not ended since. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Resolves when the process says it is ready; rejects with the end of its log when it ends before that at the very first start. */
  start(): Promise<void> {
    return this.#spawn();
  }

  #spawn(): Promise<void> {
    const log = createWriteStream(this.spec.logFile, { flags: 'a' });
    // A group of its own: Ctrl-C in the terminal reaches only the parent, which stops its processes in order.
    const child = spawn(process.execPath, ['--import', endsWithParent, ...this.spec.args], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    }) as ChildProcessByStdio<null, Readable, Readable>;
    this.#child = child;
    let tail = '';
    child.stderr.on('data', (chunk: Buffer) => {
      tail = (tail + chunk.toString()).slice(-2000);
      log.write(chunk);
    });
    return new Promise((resolve, reject) => {
      let ready = false;
      createInterface({ input: child.stdout }).on('line', (line) => {
        log.write(`${line}\n`);
        if (ready) return;
        ready = true;
        this.#isReady = true;
        this.#failures = 0;
        this.spec.onReady?.(line);
        resolve();
      });
      const ended = (how: string): void => {
        log.end();
        this.#isReady = false;
        if (!ready && this.restarts === 0) {
          reject(new Error(`${this.spec.name} ended with ${how} before it was ready:\n${tail.trim()}`));
          return;
        }
        resolve();
        if (this.#stopping) return;
        const pause = Math.min(200 * 2 ** Math.min(this.#failures, 5), 5000);
        this.restarts += 1;
        this.#failures += 1;
        // It can't reject: only the very first start does.
        this.#pause = setTimeout(() => void this.#spawn(), pause);
      };
      child.once('error', (error) => ended(error.message));
      child.once('exit', (code, signal) => ended(String(code ?? signal)));
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#pause);
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(force);
  }
}
