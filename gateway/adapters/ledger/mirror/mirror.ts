import { XinshuError } from '../../../domain/errors.ts';
import type { Address } from '../../../domain/ids.ts';
import type { RegistryView } from '../../../domain/registry-view.ts';
import { ok, type Result, refuse } from '../../../domain/result.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { ContractName, Ledger } from '../../../ports/ledger.ts';
import type { Log } from '../../../ports/log.ts';
import type { TablesView } from '../registry/view.ts';
import type { ChainReader } from '../rpc/chain-reader.ts';
import { ChainFollower, type FollowOptions } from './chain-follower.ts';
import { MirrorSaver } from './mirror-saver.ts';
import { type MirroredBlock, MirrorState } from './mirror-state.ts';
import type { MirrorStore } from './mirror-store.ts';

export type MirrorModules = {
  readonly reader: ChainReader;
  /** undefined: the mirror lives in memory only. */
  readonly store: MirrorStore | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Called once, when the node serves another history than the mirrored one. Nothing is decided from then on; the process should stop. */
  readonly onFatal: (error: XinshuError) => void;
};

const freshenEveryMs = 1_000;

/** The registries followed from the chain: reads for decisions, without a call to the node. */
export class Mirror implements Ledger {
  readonly chainId: number;
  readonly #directory: Address;
  readonly #modules: MirrorModules;
  readonly #state = new MirrorState();
  readonly #follower: ChainFollower;
  readonly #saver: MirrorSaver | undefined;
  readonly #listeners = new Set<(view: RegistryView) => void>();
  #freshened = Number.NEGATIVE_INFINITY;
  #freshening: Promise<void> | undefined;

  constructor(options: FollowOptions, modules: MirrorModules) {
    const { reader, store, clock, log, onFatal } = modules;
    this.chainId = options.chainId;
    this.#directory = options.directory;
    this.#modules = modules;
    this.#saver = store === undefined ? undefined : new MirrorSaver(store, clock, log);
    this.#follower = new ChainFollower(
      options,
      { reader, state: this.#state, log },
      { onBlock: (block) => this.#mirrored(block), onFatal },
    );
  }

  /**
   * Loads what is stored, catches up and goes on following. Rejects with LEDGER_MISMATCH, and with LEDGER_UNREACHABLE when nothing is stored and no node
   * answers; over a stored head a dead node is only reported.
   */
  async open(): Promise<void> {
    if (this.#modules.store !== undefined) {
      for await (const block of this.#modules.store.load()) this.#state.restore(block);
    }
    await this.#follower.advance();
    if (this.#follower.fatal !== undefined) throw this.#follower.fatal;
    if (this.#state.head === undefined) throw new XinshuError('LEDGER_UNREACHABLE');
    this.#follower.start();
  }

  async close(): Promise<void> {
    await this.#follower.close();
    await this.#saver?.flush();
  }

  head(): TablesView {
    if (this.#state.head === undefined) throw new XinshuError('LEDGER_UNREACHABLE');
    return this.#state.head;
  }

  /** Throws LEDGER_MISMATCH where the Directory names no such contract. */
  address(contract: ContractName): Address {
    if (contract === 'directory') return this.#directory;
    const address = this.head().contract(contract)?.address;
    if (address === undefined) throw new XinshuError('LEDGER_MISMATCH', { directory: this.#directory, contract });
    return address;
  }

  decide(now: number): Result<RegistryView> {
    if (this.#follower.fatal !== undefined) return refuse('LEDGER_MISMATCH', this.#follower.fatal.detail);
    const view = this.head();
    const limit = view.parameter('max-block-age');
    const age = now / 1000 - view.block.time;
    // Asked for before it is needed: block time stands still on an idle chain.
    if (age > limit / 2) void this.freshen();
    return age > limit ? refuse('LEDGER_STALE', { block: view.block.number, age: Math.floor(age), limit }) : ok(view);
  }

  at(block: number): TablesView | undefined {
    return this.#state.at(block);
  }

  /** As `at`, for a mirror that does not keep every block: the block's hash and time are asked of the node. Throws LEDGER_UNREACHABLE. */
  async viewAt(block: number): Promise<RegistryView | undefined> {
    if (block > this.head().block.number) return undefined;
    const [header] = await this.#modules.reader.headers([block]).catch((cause: unknown) => {
      throw new XinshuError('LEDGER_UNREACHABLE', { block }, { cause });
    });
    return header === undefined ? undefined : this.#state.viewOf({ number: header.number, hash: header.hash, time: header.time });
  }

  /** The Directory's name, at any time, for this contract. */
  contractName(address: Address): string | undefined {
    const wanted = address.toLowerCase();
    if (wanted === this.#directory.toLowerCase()) return 'directory';
    return this.#state.contracts().find((contract) => contract.address.toLowerCase() === wanted)?.name;
  }

  async reached(block: number, ms: number): Promise<boolean> {
    if (this.head().block.number >= block) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const stop = this.onBlock((view) => {
      if (view.block.number >= block) resolve(true);
    });
    const timer = setTimeout(() => resolve(false), ms);
    this.#follower.poke();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      stop();
    }
  }

  freshen(): Promise<void> {
    this.#freshening ??= this.#freshenOnce().finally(() => {
      this.#freshening = undefined;
    });
    return this.#freshening;
  }

  onBlock(listener: (view: RegistryView) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #freshenOnce(): Promise<void> {
    const now = this.#modules.clock.now();
    if (now - this.#freshened >= freshenEveryMs) {
      this.#freshened = now;
      await this.#modules.reader.freshBlock().catch((error: unknown) => this.#follower.unanswered(error));
    }
    await this.#follower.advance();
  }

  #mirrored(block: MirroredBlock): void {
    this.#saver?.add(block);
    const view = this.head();
    for (const listener of this.#listeners) {
      try {
        listener(view);
      } catch (error) {
        this.#modules.log.error({ error: String(error), block: block.ref.number }, 'a listener of the mirror failed');
      }
    }
  }
}
