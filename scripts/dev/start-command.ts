import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const startScript = fileURLToPath(new URL('./start.ts', import.meta.url));

export type Ended = {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly notes: string;
};

/** `npm start` without npm: the script as a process of its own. */
export class StartCommand {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #out = '';
  #notes = '';
  readonly #waiting = new Set<() => void>();

  /** `preload`: a module that every process of the network loads before its own. */
  constructor(args: readonly string[], preload?: string) {
    const options = [process.env.NODE_OPTIONS, preload === undefined ? undefined : `--import=${preload}`].filter(
      (one) => one !== undefined,
    );
    const env = { ...process.env, NODE_OPTIONS: options.join(' ') };
    this.#child = spawn(process.execPath, [startScript, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#out += text;
      for (const look of this.#waiting) look();
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#notes += text;
      for (const look of this.#waiting) look();
    });
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (status, signal) => resolve({ status, signal, out: this.#out, notes: this.#notes }));
    });
  }

  /** Resolves as soon as the pattern was printed, on either stream; rejects with all that was printed when the process ends without. */
  said(pattern: RegExp): Promise<void> {
    const printed = new Promise<void>((resolve) => {
      const look = (): void => {
        if (!pattern.test(this.#out) && !pattern.test(this.#notes)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
    const ended = this.ended.then(({ status, signal, out, notes }) => {
      if (!pattern.test(out) && !pattern.test(notes))
        throw new Error(`ended with ${status ?? signal} and never said ${pattern}:\n${out}\n${notes}`);
    });
    return Promise.race([printed, ended]);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

export const startOnce = (args: readonly string[], preload?: string): Promise<Ended> => new StartCommand(args, preload).ended;
