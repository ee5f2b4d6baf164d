import { setTimeout as delay } from 'node:timers/promises';
import { XinshuError } from '../../../domain/errors.ts';
import type { Address } from '../../../domain/ids.ts';
import type { Log } from '../../../ports/log.ts';
import type { ChainReader, Header } from '../rpc/chain-reader.ts';
import { type BlocksKept, followRange, newestBlock } from './follow-chain.ts';
import type { MirroredBlock, MirrorState } from './mirror-state.ts';

export type FollowOptions = {
  readonly chainId: number;
  readonly directory: Address;
  readonly pollMs: number;
  readonly blocksKept: BlocksKept;
};
export type FollowModules = { readonly reader: ChainReader; readonly state: MirrorState; readonly log: Log };
export type FollowEvents = {
  readonly onBlock: (block: MirroredBlock) => void;
  /** Once, when the node serves another history than the mirrored one. Following has ended. */
  readonly onFatal: (error: XinshuError) => void;
};

const blocksInStep = 2_000;

/** Brings the state in step with the node, block by block, for as long as the node serves the same chain. A node that is silent or behind is waited for. */
export class ChainFollower {
  readonly #options: FollowOptions;
  readonly #modules: FollowModules;
  readonly #events: FollowEvents;
  #wake = new AbortController();
  #step: Promise<void> | undefined;
  #loop: Promise<void> | undefined;
  #closed = false;
  #chainChecked = false;
  #answering = true;
  #fatal: XinshuError | undefined;

  constructor(options: FollowOptions, modules: FollowModules, events: FollowEvents) {
    this.#options = options;
    this.#modules = modules;
    this.#events = events;
  }

  get fatal(): XinshuError | undefined {
    return this.#fatal;
  }

  start(): void {
    this.#loop ??= this.#follow();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.poke();
    await this.#loop;
    await this.#step;
  }

  /** Looks for new blocks without waiting for the next turn. */
  poke(): void {
    this.#wake.abort();
  }

  /** Follows to what is the node's newest block at some moment after the call. Never rejects: what goes wrong is reported. */
  async advance(): Promise<void> {
    // A look that began before the call may have seen an older newest block.
    await this.#step;
    await this.#look();
  }

  /** The node did not answer something that it should have. */
  unanswered(error: unknown): void {
    if (this.#answering) this.#modules.log.warn({ error: String(error), head: this.#head }, 'the ledger node does not answer');
    this.#answering = false;
  }

  get #head(): number {
    return this.#modules.state.head?.block.number ?? -1;
  }

  async #follow(): Promise<void> {
    while (!this.#closed && this.#fatal === undefined) {
      await delay(this.#options.pollMs, undefined, { signal: this.#wake.signal }).catch(() => undefined);
      if (this.#closed) return;
      this.#wake = new AbortController();
      await this.#look();
    }
  }

  /** One look at the node at a time, whoever asks. */
  #look(): Promise<void> {
    this.#step ??= this.#toNewest().finally(() => {
      this.#step = undefined;
    });
    return this.#step;
  }

  async #toNewest(): Promise<void> {
    if (this.#fatal !== undefined) return;
    const { reader, state } = this.#modules;
    try {
      const newest = await newestBlock(reader, state);
      if (!this.#chainChecked) await this.#checkChain(newest);
      while (this.#head < newest.number && !this.#closed) {
        const last = this.#head + blocksInStep;
        await this.#take(last < newest.number ? last : newest);
      }
      if (!this.#answering) this.#modules.log.info({ head: this.#head }, 'the ledger node answers again');
      this.#answering = true;
    } catch (error) {
      if (!(error instanceof XinshuError)) return this.unanswered(error);
      this.#fatal = error;
      this.#modules.log.error({ code: error.code, ...error.detail }, 'the ledger is not the one that was followed');
      this.#events.onFatal(error);
    }
  }

  async #take(to: Header | number): Promise<void> {
    const { reader, state } = this.#modules;
    const { directory, blocksKept: kept } = this.#options;
    for (const { ref, events } of await followRange(reader, directory, state, { from: this.#head + 1, to, kept })) {
      this.#events.onBlock(state.append(ref, events));
    }
  }

  async #checkChain(newest: Header): Promise<void> {
    const { chainId, directory } = this.#options;
    const found = await this.#modules.reader.chainId();
    if (found !== chainId) throw new XinshuError('LEDGER_MISMATCH', { chain: found, configured: chainId });
    // A node that reads the chain anew may not have come to the Directory yet.
    if (newest.number < this.#head) return;
    if (!(await this.#modules.reader.hasCode(directory))) throw new XinshuError('LEDGER_MISMATCH', { directory, chain: found });
    this.#chainChecked = true;
  }
}
