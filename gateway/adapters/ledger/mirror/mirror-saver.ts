import type { Clock } from '../../../ports/clock.ts';
import type { Log } from '../../../ports/log.ts';
import type { MirroredBlock } from './mirror-state.ts';
import type { MirrorStore } from './mirror-store.ts';

/** Blocks without changes are worth one write for this long. */
const emptyBlocksMs = 5_000;
const blocksAtMost = 500;

/** Writes mirrored blocks behind the reader's back: at once what changed something, bounded in rate what only moved time. */
export class MirrorSaver {
  readonly #store: MirrorStore;
  readonly #clock: Clock;
  readonly #log: Log;
  #waiting: MirroredBlock[] = [];
  #writing: Promise<void> | undefined;
  #lastWrite = Number.NEGATIVE_INFINITY;

  constructor(store: MirrorStore, clock: Clock, log: Log) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  add(block: MirroredBlock): void {
    this.#waiting.push(block);
    if (this.#writing === undefined && this.#isDue()) this.#start();
  }

  /** Resolves once everything added before is written, or could not be. */
  async flush(): Promise<void> {
    await this.#writing;
    if (this.#waiting.length > 0) this.#start();
    await this.#writing;
  }

  #isDue(): boolean {
    return (
      this.#waiting.length >= blocksAtMost ||
      this.#waiting.some(({ changes }) => changes.length > 0) ||
      this.#clock.now() - this.#lastWrite >= emptyBlocksMs
    );
  }

  #start(): void {
    const blocks = this.#waiting;
    this.#waiting = [];
    this.#lastWrite = this.#clock.now();
    this.#writing = this.#store.save(blocks).then(
      () => this.#done(),
      (error: unknown) => {
        // Written again, in the same order, with the next block: the chain still has it all.
        this.#waiting = [...blocks, ...this.#waiting];
        this.#writing = undefined;
        this.#log.warn({ error: String(error), blocks: blocks.length }, 'the mirror could not be stored');
      },
    );
  }

  #done(): void {
    this.#writing = undefined;
    if (this.#waiting.length > 0 && this.#isDue()) this.#start();
  }
}
