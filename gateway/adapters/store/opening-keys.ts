import { createSecretKey, hash, type KeyObject } from 'node:crypto';
import { XinshuError } from '../../domain/errors.ts';
import { fromHex, toHex } from '../../domain/hash.ts';
import type { ConsentId } from '../../domain/ids.ts';
import type { Randomness } from '../../ports/clock.ts';
import type { KeyScope } from '../../ports/erasable-keys.ts';
import type { Database, Snapshot, Write } from './database.ts';
import type { Participant } from './writer.ts';

/** 34 bytes: month u16 (months since year 0; 0: of no month), consent id (zeros: no consent). */
export type OpeningKeyName = Buffer;
export const keyNameLength = 34;
/** Beginning of the key's SHA-256: which of the keys that ever had a name. */
export const keyPrintLength = 8;

type OpeningKey = { readonly key: KeyObject; readonly print: Buffer };

/** Keys held in memory; the others are read again. More than a group commit can make. */
const cached = 4096;
const everything = { gte: Buffer.alloc(0), lt: Buffer.alloc(keyNameLength, 255) };

const nameOf = (month: number, consent: ConsentId | undefined): OpeningKeyName => {
  const name = Buffer.alloc(keyNameLength);
  name.writeUInt16BE(month);
  if (consent !== undefined) name.set(fromHex(consent), 2);
  return name;
};

/** `time` undefined: the key of the consent as a whole. */
export const openingKeyName = (time: number | undefined, consent: ConsentId | undefined): OpeningKeyName => {
  const date = time === undefined ? undefined : new Date(time);
  return nameOf(date === undefined ? 0 : date.getUTCFullYear() * 12 + date.getUTCMonth(), consent);
};

const nameOfScope = ({ month, consent }: KeyScope): OpeningKeyName =>
  openingKeyName(month === undefined ? undefined : Date.parse(`${month}-01T00:00:00Z`), consent);

const scopeOf = (name: Buffer): KeyScope => {
  const month = name.readUInt16BE();
  const id = toHex(name.subarray(2)) as ConsentId;
  const consent = /^0x0*$/.test(id) ? undefined : id;
  if (month === 0) return { consent: id, month: undefined };
  return { consent, month: `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}` };
};

const nextMonth = (name: OpeningKeyName): OpeningKeyName => {
  const next = Buffer.from(name);
  next.writeUInt16BE(name.readUInt16BE() + 1);
  return next;
};

/**
 * The keys that seal what this store holds about subjects, one for each consent and month, in a database of their own: it stays out of backups of the store, and a
 * key destroyed there erases what was sealed with it wherever copies of it lie. A destroyed key leaves an empty value: its name is never used for another key.
 */
export class OpeningKeys implements Participant {
  readonly #open: () => Promise<Database>;
  readonly #randomness: Randomness;
  readonly #cache = new Map<string, OpeningKey>();
  /** Destroyed in the group that is being put together. */
  readonly #leaving = new Set<string>();
  #database: Database | undefined;
  #unsaved: Write[] = [];

  /** Not open until the first `reload`. */
  constructor(open: () => Promise<Database>, randomness: Randomness) {
    this.#open = open;
    this.#randomness = randomness;
  }

  /**
   * The key of this name; a new one becomes durable before the group that it sealed something of. For a month whose key was destroyed (a clock that was set back)
   * it is that of the next: kept too long rather than lost.
   */
  obtain(wanted: OpeningKeyName): OpeningKey & { readonly name: OpeningKeyName } {
    const present = this.find(wanted);
    if (present !== undefined) return { name: wanted, ...present };
    if (this.#isDestroyed(wanted)) return this.obtain(nextMonth(wanted));
    const bytes = Buffer.from(this.#randomness.bytes(32));
    this.#unsaved.push({ type: 'put', key: wanted, value: bytes });
    return { name: wanted, ...this.#remember(wanted.toString('latin1'), bytes) };
  }

  /** undefined: there is none, or it was destroyed. */
  find(name: OpeningKeyName): OpeningKey | undefined {
    const text = name.toString('latin1');
    const key = this.#cache.get(text);
    if (key !== undefined) return key;
    if (this.#leaving.has(text)) return undefined;
    const bytes = this.#database?.get(name);
    return bytes === undefined || bytes.length === 0 ? undefined : this.#remember(text, bytes);
  }

  async *scopes(): AsyncGenerator<KeyScope> {
    for await (const [name, bytes] of this.#opened().range(everything)) if (bytes.length > 0) yield scopeOf(name);
  }

  /** Work of the writer: from here on these names find no key; durable with the group. */
  destroy(scopes: readonly KeyScope[]): void {
    for (const name of scopes.map(nameOfScope)) {
      const text = name.toString('latin1');
      if (this.find(name) === undefined) continue;
      this.#cache.delete(text);
      this.#leaving.add(text);
      this.#unsaved.push({ type: 'put', key: name, value: Buffer.alloc(0) });
    }
  }

  /** LevelDB keeps what was overwritten until it merges its files: merges them all. */
  async forget(): Promise<void> {
    await this.#opened().compact(everything);
  }

  snapshot(): Snapshot {
    return this.#opened().snapshot();
  }

  async seal(): Promise<void> {
    if (this.#unsaved.length > 0) await this.#database?.batch(this.#unsaved);
  }

  committed(): void {
    this.#unsaved = [];
    this.#leaving.clear();
  }

  /** What was not saved has sealed nothing that is kept. See writer.ts on why the database is opened anew. */
  async reload(): Promise<void> {
    this.#unsaved = [];
    this.#leaving.clear();
    this.#cache.clear();
    await this.close();
    this.#database = await this.#open();
  }

  async close(): Promise<void> {
    await this.#database?.close().catch(() => undefined);
  }

  #opened(): Database {
    if (this.#database === undefined) throw new XinshuError('STORE_UNAVAILABLE');
    return this.#database;
  }

  #isDestroyed(name: OpeningKeyName): boolean {
    return this.#leaving.has(name.toString('latin1')) || this.#database?.get(name)?.length === 0;
  }

  #remember(text: string, bytes: Buffer): OpeningKey {
    if (bytes.length !== 32) throw new XinshuError('STORE_CORRUPT', { part: 'opening-keys' });
    const key = { key: createSecretKey(bytes), print: hash('sha256', bytes, 'buffer').subarray(0, keyPrintLength) };
    if (this.#cache.size >= cached) this.#cache.delete(this.#cache.keys().next().value as string);
    this.#cache.set(text, key);
    return key;
  }
}
