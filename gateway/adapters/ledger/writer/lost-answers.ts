import type { Clock } from '../../../ports/clock.ts';
import type { EncodedCall } from './encode-call.ts';
import type { Settlement } from './outbox-entry.ts';

const keptMs = 10 * 60_000;
const keptAtMost = 256;

/**
 * Outcomes that nobody was there to take. The same call made again gets the outcome instead of a second transaction, unless another call of the same method went
 * out meanwhile: then the repetition means what it says.
 */
export class LostAnswers {
  readonly #clock: Clock;
  readonly #kept = new Map<string, { readonly call: EncodedCall; readonly settlement: Settlement; readonly until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  keep(call: EncodedCall, settlement: Settlement): void {
    this.#kept.delete(call.key);
    this.#kept.set(call.key, { call, settlement, until: this.#clock.now() + keptMs });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > keptAtMost && oldest !== undefined) this.#kept.delete(oldest);
  }

  take(call: EncodedCall): Settlement | undefined {
    const found = this.#kept.get(call.key);
    this.#kept.delete(call.key);
    return found !== undefined && found.until > this.#clock.now() ? found.settlement : undefined;
  }

  supersede(call: EncodedCall): void {
    for (const [key, kept] of this.#kept) if (kept.call.topic === call.topic) this.#kept.delete(key);
  }
}
