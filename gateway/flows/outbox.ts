import type { ConsentId, DatasetId, Hex, MemberId, ModelId, UsageId } from '../domain/ids.ts';
import type { Clock, Randomness } from '../ports/clock.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { Log } from '../ports/log.ts';
import type { SignedWithdrawal } from './held-withdrawals.ts';

/** Work that must get done, however often a peer, the node or this process fails in between. Messages are signed when they go out, since signatures expire. */
export type OutboxWork =
  /** The receipt for a served usage, made from the durable `received` leaf. */
  | { readonly kind: 'acknowledgement'; readonly to: MemberId; readonly usage: UsageId; readonly response: Hex; readonly verdict: string }
  /** A subject's sealed opening for a provider; goes out once the mirror shows the consent, and is of no use after `until` (seconds) if it never does. */
  | { readonly kind: 'opening'; readonly to: MemberId; readonly consent: ConsentId; readonly sealed: string; readonly until: number }
  /** A model of this member: read and sealed anew at each attempt. */
  | {
      readonly kind: 'model';
      readonly to: MemberId;
      readonly model: ModelId;
      readonly version: number;
      readonly parts: readonly DatasetId[];
    }
  | { readonly kind: 'notice'; readonly to: MemberId; readonly withdrawal: SignedWithdrawal }
  | { readonly kind: 'withdrawal'; readonly withdrawal: SignedWithdrawal };

/** 'dropped' is for what can never succeed; the outbox forgets it and says so in the log. */
export type Delivery = 'delivered' | 'again' | 'dropped';

export type OutboxModules = {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
  /** Work of one lane: several acknowledgements, or one piece of any other kind. */
  readonly deliver: (works: readonly OutboxWork[]) => Promise<Delivery>;
};

export type Prepared = {
  readonly key: string;
  readonly durable: Promise<void>;
  release(): void;
  cancel(): Promise<void>;
};

type Item = { readonly key: string; readonly work: OutboxWork };
type Lane = {
  /** Most pieces delivered in one attempt. */
  readonly batch: number;
  readonly parallel: number;
  /** How long a piece waits for others that go with it. */
  readonly gatherMs: number;
  readonly waiting: Item[];
  underWay: number;
  failures: number;
  pause: NodeJS.Timeout | undefined;
  gathering: NodeJS.Timeout | undefined;
};

const mostAtOnce = 100;
const parallelPerLane = 16;
/** At a few queries a second each receipt would else cost a message, two signatures and two synced writes of its own; nobody waits for it. */
const receiptsGatherMs = 100;
const firstPauseMs = 250;
const longestPauseMs = 30_000;

/** Durable work list with one lane for each receiver, so that one that is down holds up nobody else; retried with growing pauses until done. */
export class Outbox {
  readonly #modules: OutboxModules;
  readonly #lanes = new Map<string, Lane>();
  readonly #finished = new Map<string, (() => void)[]>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #active = new Set<string>();
  #sequence = 0;
  #closed = false;

  private constructor(modules: OutboxModules) {
    this.#modules = modules;
  }

  /** Takes up what an earlier run of the process left undone. */
  static async open(modules: OutboxModules): Promise<Outbox> {
    const outbox = new Outbox(modules);
    const left: Item[] = [];
    for await (const [key, work] of modules.documents.list<OutboxWork>('outbox')) left.push({ key, work });
    for (const item of left) outbox.#lane(item.work).waiting.push(item);
    for (const lane of outbox.#lanes.values()) outbox.#run(lane);
    return outbox;
  }

  /** Puts work on disk without beginning it, for when it hangs on another write: `release` begins it, `cancel` takes it back. After a crash in between it is begun. */
  prepare(work: OutboxWork): Prepared {
    const { clock, randomness, documents } = this.#modules;
    this.#sequence += 1;
    const order = `${String(clock.now()).padStart(15, '0')}-${String(this.#sequence).padStart(9, '0')}`;
    const key = `${order}-${Buffer.from(randomness.bytes(4)).toString('hex')}`;
    return {
      key,
      durable: documents.put('outbox', key, work),
      release: () => {
        const lane = this.#lane(work);
        lane.waiting.push({ key, work });
        this.#run(lane);
      },
      cancel: () => documents.remove('outbox', key),
    };
  }

  /** Resolves with the work's key once it is durable; delivery goes on in the background. */
  async enqueue(work: OutboxWork): Promise<string> {
    const prepared = this.prepare(work);
    await prepared.durable;
    prepared.release();
    return prepared.key;
  }

  /** True when the work was delivered or dropped within `ms`. */
  async finished(key: string, ms: number): Promise<boolean> {
    const known = [...this.#lanes.values()].some((lane) => lane.waiting.some((item) => item.key === key));
    if (!known && !this.#active.has(key)) return true;
    return await new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), ms);
      const listeners = this.#finished.get(key) ?? [];
      listeners.push(() => {
        clearTimeout(timer);
        resolve(true);
      });
      this.#finished.set(key, listeners);
    });
  }

  /** Work not done yet. */
  get size(): number {
    let count = this.#active.size;
    for (const lane of this.#lanes.values()) count += lane.waiting.length;
    return count;
  }

  /** Ends the background work; what is undone stays on disk for the next run. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const lane of this.#lanes.values()) {
      clearTimeout(lane.pause);
      clearTimeout(lane.gathering);
    }
    await Promise.all(this.#underWay);
  }

  #lane(work: OutboxWork): Lane {
    const name = work.kind === 'withdrawal' ? 'ledger' : `${work.kind}/${work.to}`;
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const receipts = { batch: mostAtOnce, parallel: 1, gatherMs: receiptsGatherMs };
    const shape = work.kind === 'acknowledgement' ? receipts : { batch: 1, parallel: parallelPerLane, gatherMs: 0 };
    const lane: Lane = { ...shape, waiting: [], underWay: 0, failures: 0, pause: undefined, gathering: undefined };
    this.#lanes.set(name, lane);
    return lane;
  }

  #run(lane: Lane): void {
    if (this.#closed || lane.waiting.length === 0) return;
    if (lane.gatherMs === 0 || lane.waiting.length >= lane.batch) {
      this.#start(lane);
      return;
    }
    lane.gathering ??= setTimeout(() => {
      lane.gathering = undefined;
      this.#start(lane);
    }, lane.gatherMs);
  }

  #start(lane: Lane): void {
    // While a receiver fails, one attempt at a time probes it.
    const parallel = lane.failures > 0 ? 1 : lane.parallel;
    while (!this.#closed && lane.pause === undefined && lane.underWay < parallel && lane.waiting.length > 0) {
      const items = lane.waiting.splice(0, lane.batch);
      lane.underWay += 1;
      for (const item of items) this.#active.add(item.key);
      const attempt = this.#attempt(lane, items).finally(() => this.#underWay.delete(attempt));
      this.#underWay.add(attempt);
    }
  }

  async #attempt(lane: Lane, items: readonly Item[]): Promise<void> {
    const { deliver, documents, log } = this.#modules;
    const kind = items[0]?.work.kind;
    let outcome: Delivery = 'again';
    try {
      outcome = await deliver(items.map((item) => item.work));
      if (outcome !== 'again') await Promise.all(items.map((item) => documents.remove('outbox', item.key)));
    } catch (error) {
      outcome = 'again';
      log.error({ kind, reason: error instanceof Error ? error.name : 'unknown' }, 'outbox work failed');
    }
    lane.underWay -= 1;
    for (const item of items) this.#active.delete(item.key);
    if (outcome === 'again') {
      lane.waiting.push(...items);
      this.#pause(lane);
      return;
    }
    if (outcome === 'dropped') log.warn({ kind, pieces: items.length }, 'outbox work dropped');
    lane.failures = 0;
    for (const item of items) {
      for (const listener of this.#finished.get(item.key) ?? []) listener();
      this.#finished.delete(item.key);
    }
    this.#run(lane);
  }

  #pause(lane: Lane): void {
    if (lane.pause !== undefined || this.#closed) return;
    const pause = Math.min(firstPauseMs * 2 ** lane.failures, longestPauseMs);
    lane.failures += 1;
    lane.pause = setTimeout(() => {
      lane.pause = undefined;
      this.#run(lane);
    }, pause);
    lane.pause.unref();
  }
}
