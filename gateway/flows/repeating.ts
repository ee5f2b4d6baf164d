/** Work that is done every so often until closed; one run at a time, the next is counted from its end. The work sees to its own failures. */
export class Repeating {
  readonly #everyMs: number;
  readonly #work: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(everyMs: number, work: () => Promise<void>) {
    this.#everyMs = everyMs;
    this.#work = work;
  }

  start(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#underWay = this.#work().finally(() => this.start());
    }, this.#everyMs);
  }

  /** Waits for a run under way. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#underWay;
  }
}
