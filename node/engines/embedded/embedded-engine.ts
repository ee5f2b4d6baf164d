import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { NodeError, type NodeErrorCode, nodeErrors } from '../../errors.ts';
import type { Engine, EngineHealth } from '../engine.ts';
import { fetchHealth } from '../fetch-health.ts';
import { embeddedFinality } from './finality.ts';

export interface EmbeddedEngineOptions {
  readonly dataDir: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Lines of the engine's log (JSON, from pino). */
  readonly onLog?: (line: string) => void;
  /** The process ended without `stop` having been called. */
  readonly onCrash?: (status: number | null, signal: NodeJS.Signals | null) => void;
}

/** How long a clean stop may take before the process is killed, in milliseconds; a kill loses nothing that was answered. */
const stopPatience = 20_000;

/** The embedded engine in a process of its own, which ends with this one. */
export class EmbeddedEngine implements Engine {
  readonly kind = 'embedded' as const;
  readonly finality = embeddedFinality;
  readonly #options: EmbeddedEngineOptions;
  #process: ChildProcess | undefined;
  #endpoint = '';
  #stopping = false;

  constructor(options: EmbeddedEngineOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  async start(): Promise<void> {
    const main = fileURLToPath(new URL('./main.ts', import.meta.url));
    const args = [main, '--data', this.#options.dataDir, '--port', String(this.#options.port), '--with-parent'];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process = child;
    createInterface({ input: child.stderr }).on('line', (line) => this.#options.onLog?.(line));
    this.#endpoint = await firstLine(child);
    child.once('exit', (status, signal) => {
      this.#process = undefined;
      if (!this.#stopping) this.#options.onCrash?.(status, signal);
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), stopPatience);
    await exited;
    clearTimeout(killer);
  }

  endpoint(): string {
    return this.#endpoint;
  }

  health(): Promise<EngineHealth> {
    return fetchHealth(this.#endpoint);
  }
}

/** The endpoint from the ready line, or the NodeError that the failure line or the early end of the process stands for. */
async function firstLine(child: ChildProcess): Promise<string> {
  const ended = new Promise<never>((_, reject) => {
    child.once('error', (error) => reject(new NodeError('NODE_ENGINE_FAILED', {}, { cause: error })));
    child.once('close', (status) => reject(new NodeError('NODE_ENGINE_FAILED', { status: status ?? 'killed' })));
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const said = new Promise<string>((resolve) => lines.once('line', resolve));
  const line = JSON.parse(await Promise.race([said, ended])) as {
    event: string;
    endpoint: string;
    code: string;
    detail: Record<string, string>;
  };
  if (line.event === 'ready') {
    ended.catch(() => {});
    return line.endpoint;
  }
  await ended.catch(() => {});
  throw new NodeError(line.code in nodeErrors ? (line.code as NodeErrorCode) : 'NODE_ENGINE_FAILED', line.detail);
}
