import type { KeyObject } from 'node:crypto';
import { fromBase64url, toBase64url } from '../domain/hash.ts';
import type { UsageId } from '../domain/ids.ts';
import type { Clock, Randomness } from '../ports/clock.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { Keys } from '../ports/keys.ts';
import { newOneTimeKey, type OneTimeKey } from '../sealing/jwe.ts';

type Stored = { readonly sealed: string; readonly madeAt: number };

export type OneTimeKeysModules = {
  readonly documents: DocumentStore;
  readonly keys: Pick<Keys, 'sealLocal' | 'openLocal'>;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** How long an answered usage can be delivered again, in milliseconds. */
  readonly redeliveryMs: number;
};

const contextOf = (usage: UsageId): string => `one-time-key/${usage}`;
/** A usage that was never answered keeps its key this long. */
const unansweredMs = 7 * 86_400_000;

/** One X25519 key for each usage, sealed on disk with this member's own key until the answer's receipt and the time for delivering it again are over, then erased. */
export class OneTimeKeys {
  readonly #modules: OneTimeKeysModules;
  /** When each key on disk is due to be erased (ms), oldest first as far as the order of insertion goes. */
  readonly #due = new Map<UsageId, number>();

  private constructor(modules: OneTimeKeysModules) {
    this.#modules = modules;
  }

  static async open(modules: OneTimeKeysModules): Promise<OneTimeKeys> {
    const keys = new OneTimeKeys(modules);
    for await (const [usage, stored] of modules.documents.list<Stored>('usage'))
      keys.#due.set(usage as UsageId, stored.madeAt + unansweredMs);
    return keys;
  }

  /** A new key and the promise that it is durable: to be waited for before anything sealed to it is asked for. */
  create(usage: UsageId): { readonly key: OneTimeKey; readonly durable: Promise<void> } {
    const { randomness, keys, clock, documents } = this.#modules;
    const key = newOneTimeKey(randomness.bytes(32));
    const stored: Stored = { sealed: toBase64url(keys.sealLocal(key.seed, contextOf(usage))), madeAt: clock.now() };
    this.#due.set(usage, stored.madeAt + unansweredMs);
    return { key, durable: documents.put('usage', usage, stored) };
  }

  /** The private key of a usage; undefined once it is erased. */
  async find(usage: UsageId): Promise<KeyObject | undefined> {
    const stored = await this.#modules.documents.get<Stored>('usage', usage);
    const opened =
      stored === undefined ? undefined : this.#modules.keys.openLocal(fromBase64url(stored.sealed) ?? new Uint8Array(0), contextOf(usage));
    return opened === undefined ? undefined : newOneTimeKey(opened).privateKey;
  }

  /** The answer is received and logged: the key is only kept to deliver it again. */
  answered(usage: UsageId): void {
    this.#due.delete(usage);
    this.#due.set(usage, this.#modules.clock.now() + this.#modules.redeliveryMs);
  }

  /** Erases what is due. */
  async sweep(): Promise<void> {
    const now = this.#modules.clock.now();
    const over = [...this.#due].filter(([, due]) => due <= now).map(([usage]) => usage);
    await Promise.all(over.map((usage) => this.#modules.documents.remove('usage', usage)));
    for (const usage of over) this.#due.delete(usage);
  }
}
