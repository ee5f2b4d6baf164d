import { createSecretKey, type KeyObject } from 'node:crypto';
import { XinshuError } from '../../domain/errors.ts';
import { fromHex } from '../../domain/hash.ts';
import type { ConsentId } from '../../domain/ids.ts';
import type { Randomness } from '../../ports/clock.ts';
import type { Database, Write } from './database.ts';
import type { Participant } from './writer.ts';

/** 34 bytes: month u16 (months since year 0), consent id (zeros: no consent). */
export type OpeningKeyName = Buffer;

/** Keys held in memory; the others are read again. More than a group commit can make. */
const cached = 4096;

export const openingKeyName = (time: number, consent: ConsentId | undefined): OpeningKeyName => {
  const date = new Date(time);
  const name = Buffer.alloc(34);
  name.writeUInt16BE(date.getUTCFullYear() * 12 + date.getUTCMonth());
  if (consent !== undefined) name.set(fromHex(consent), 2);
  return name;
};

/**
 * The keys that seal the openings of the audit log, one for each consent and month, in a database of their own: it stays out of backups of the store, and a key
 * destroyed there erases the openings sealed with it wherever copies of them lie.
 */
export class OpeningKeys implements Participant {
  readonly #open: () => Promise<Database>;
  readonly #randomness: Randomness;
  readonly #cache = new Map<string, KeyObject>();
  #database: Database | undefined;
  #unsaved: Write[] = [];

  /** Not open until the first `reload`. */
  constructor(open: () => Promise<Database>, randomness: Randomness) {
    this.#open = open;
    this.#randomness = randomness;
  }

  /** The key of this name; a new one becomes durable before the group that it sealed something of. */
  obtain(name: OpeningKeyName): KeyObject {
    const present = this.find(name);
    if (present !== undefined) return present;
    const bytes = Buffer.from(this.#randomness.bytes(32));
    this.#unsaved.push({ type: 'put', key: name, value: bytes });
    return this.#remember(name.toString('latin1'), bytes);
  }

  /** undefined: there is none, or it was destroyed. */
  find(name: OpeningKeyName): KeyObject | undefined {
    const text = name.toString('latin1');
    const key = this.#cache.get(text);
    if (key !== undefined) return key;
    const bytes = this.#database?.get(name);
    return bytes === undefined ? undefined : this.#remember(text, bytes);
  }

  async seal(): Promise<void> {
    if (this.#unsaved.length > 0) await this.#database?.batch(this.#unsaved);
  }

  committed(): void {
    this.#unsaved = [];
  }

  /** What was not saved has sealed nothing that is kept. See writer.ts on why the database is opened anew. */
  async reload(): Promise<void> {
    this.#unsaved = [];
    this.#cache.clear();
    await this.close();
    this.#database = await this.#open();
  }

  async close(): Promise<void> {
    await this.#database?.close().catch(() => undefined);
  }

  #remember(text: string, bytes: Buffer): KeyObject {
    if (bytes.length !== 32) throw new XinshuError('STORE_CORRUPT', { part: 'opening-keys' });
    const key = createSecretKey(bytes);
    if (this.#cache.size >= cached) this.#cache.delete(this.#cache.keys().next().value as string);
    this.#cache.set(text, key);
    return key;
  }
}
