import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { NodeError } from '../../errors.ts';
import { callRpc } from '../json-rpc.ts';
import { type KcnSettings, type Peer, runArguments, staticNodes } from './arguments.ts';
import type { KaiaBinaries } from './binary/cache.ts';

export interface ValidatorOptions extends KcnSettings {
  readonly binaries: KaiaBinaries;
  readonly genesisFile: string;
  readonly peers: readonly Peer[];
  /** Started again, after a growing pause, when it ends by itself. */
  readonly keepUp: boolean;
  /** The process ended without `stop` or `kill` having been called. */
  readonly onCrash: (status: number | null, signal: NodeJS.Signals | null) => void;
}

/** How long a start may take until JSON-RPC answers, and a clean stop until the process is killed, in milliseconds. */
const startPatience = 60_000;
const stopPatience = 15_000;
const askEvery = 200;
const logTail = 2_000;

/** One validator: kcn as a process of its own, which ends with this one. */
export class Validator {
  readonly #options: ValidatorOptions;
  #process: ChildProcess | undefined;
  #wanted = false;
  #pause: NodeJS.Timeout | undefined;
  #failures = 0;

  constructor(options: ValidatorOptions) {
    this.#options = options;
  }

  get member(): string {
    return this.#options.validator.member;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  endpoint(): string {
    return `http://127.0.0.1:${this.#options.validator.rpcPort}`;
  }

  /** Makes the node's database from the genesis if there is none, and resolves once JSON-RPC answers. Errors: NODE_ENGINE_FAILED with the end of the log; then nothing is left running. */
  async start(): Promise<void> {
    this.#wanted = true;
    const { folder, genesisFile, binaries, peers } = this.#options;
    mkdirSync(folder.node, { recursive: true, mode: 0o700 });
    writeFileSync(folder.staticNodes, `${JSON.stringify(staticNodes(peers), undefined, 2)}\n`);
    if (!existsSync(folder.chain)) await this.#run([binaries.kcn, 'init', '--datadir', folder.node, genesisFile]);
    this.#spawn();
    try {
      await this.#ready();
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  /** Resolves once the process is gone. Calling it again does nothing. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#wanted = false;
    clearTimeout(this.#pause);
    const child = this.#process;
    if (child === undefined) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    const killer = setTimeout(() => child.kill('SIGKILL'), stopPatience);
    await exited;
    clearTimeout(killer);
  }

  #spawn(): void {
    const { folder, binaries } = this.#options;
    const log = openSync(folder.log, 'a', 0o600);
    const args = [String(process.pid), binaries.kcn, ...runArguments(this.#options)];
    const child = spawn(binaries.withParent, args, { stdio: ['ignore', log, log], detached: true });
    closeSync(log);
    this.#process = child;
    const ended = (status: number | null, signal: NodeJS.Signals | null) => {
      if (this.#process !== child) return;
      this.#process = undefined;
      if (!this.#wanted) return;
      this.#options.onCrash(status, signal);
      if (this.#options.keepUp) this.#again();
    };
    child.once('exit', ended).once('error', () => ended(null, null));
  }

  /** A process that lasted resets the pause. */
  #again(): void {
    const pause = Math.min(500 * 2 ** this.#failures, 10_000);
    this.#failures += 1;
    this.#pause = setTimeout(() => {
      this.#spawn();
      this.#pause = setTimeout(() => {
        this.#failures = 0;
      }, startPatience);
    }, pause);
  }

  async #ready(): Promise<void> {
    const end = performance.now() + startPatience;
    for (;;) {
      if (this.#process === undefined) throw this.#failure('the process ended');
      try {
        await callRpc(this.endpoint(), 'eth_blockNumber', []);
        return;
      } catch (error) {
        if (performance.now() > end) throw this.#failure(error instanceof Error ? error.message : String(error));
      }
      await delay(askEvery);
    }
  }

  async #run(command: readonly string[]): Promise<void> {
    const [file = '', ...args] = command;
    const log = openSync(this.#options.folder.log, 'a', 0o600);
    const child = spawn(file, args, { stdio: ['ignore', log, log] });
    closeSync(log);
    const status = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve));
    if (status !== 0) throw this.#failure(`kcn init ended with ${status}`);
  }

  #failure(reason: string): NodeError {
    return new NodeError('NODE_ENGINE_FAILED', { validator: this.member, reason, log: tailOf(this.#options.folder.log) });
  }
}

function tailOf(file: string): string {
  if (!existsSync(file)) return '';
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    const bytes = Buffer.alloc(Math.min(size, logTail));
    readSync(handle, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString('utf8').trim();
  } finally {
    closeSync(handle);
  }
}
