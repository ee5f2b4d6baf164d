import type { Log } from '../ports/log.ts';
import { type AnchorModules, anchorLog } from './anchor-log.ts';

/** Anchors the log every so often until closed; one attempt at a time, a failed one is followed by the next. */
export class AnchorLoop {
  readonly #modules: AnchorModules & { readonly log: Log };
  readonly #everyMs: number;
  /** A broken invariant: the process must stop. */
  readonly #fatal: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(modules: AnchorModules & { readonly log: Log }, everySeconds: number, fatal: (error: unknown) => void) {
    this.#modules = modules;
    this.#everyMs = everySeconds * 1000;
    this.#fatal = fatal;
  }

  start(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#underWay = this.#attempt().finally(() => this.start());
    }, this.#everyMs);
  }

  /** Waits for an attempt under way. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#underWay;
  }

  async #attempt(): Promise<void> {
    try {
      const result = await anchorLog(this.#modules);
      if (!result.ok) this.#modules.log.warn({ outcome: result.refusal.code }, 'log not anchored');
      else if (result.value.anchored) this.#modules.log.info({ size: result.value.size, block: result.value.block }, 'log anchored');
    } catch (error) {
      this.#fatal(error);
    }
  }
}
