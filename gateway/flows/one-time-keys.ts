import { fromHex, toHex } from '../domain/hash.ts';
import type { Hex, UsageId } from '../domain/ids.ts';
import type { Clock, Randomness } from '../ports/clock.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { Keys } from '../ports/keys.ts';
import { checkSeal, newOneTimeKey, type OneTimeKey, seal, sealEntropyLength } from '../sealing/jwe.ts';

type Stored = { readonly sealed: string; readonly madeAt: number };

export type OneTimeKeysModules = {
  readonly documents: DocumentStore;
  readonly keys: Pick<Keys, 'open' | 'sealKey'>;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** How long an answered usage can be delivered again, in milliseconds. */
  readonly redeliveryMs: number;
};

const sealType = 'xinshu-one-time-key+jwe';
/** A usage that was never answered keeps its key this long. */
const unansweredMs = 7 * 86_400_000;

/** One X25519 key for each usage, sealed to this member's own key on disk until the answer's receipt and the time for delivering it again are over, then erased. */
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
    const sealed = seal(keys.sealKey, fromHex(key.privateKey), { typ: sealType, context: usage }, randomness.bytes(sealEntropyLength));
    if (!sealed.ok) throw new RangeError('the own seal key is not an X25519 key');
    const stored: Stored = { sealed: sealed.value, madeAt: clock.now() };
    this.#due.set(usage, stored.madeAt + unansweredMs);
    return { key, durable: documents.put('usage', usage, stored) };
  }

  /** The private key of a usage; undefined once it is erased. */
  async find(usage: UsageId): Promise<Hex | undefined> {
    const stored = await this.#modules.documents.get<Stored>('usage', usage);
    if (stored === undefined || !checkSeal(stored.sealed, { typ: sealType, context: usage }).ok) return undefined;
    return toHex(await this.#modules.keys.open(stored.sealed));
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
