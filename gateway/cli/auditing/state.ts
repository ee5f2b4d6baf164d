import { readU64, u64, utf8 } from '../../adapters/store/bytes.ts';
import { type Database, openDatabase, type Write } from '../../adapters/store/database.ts';
import type { Finding } from '../../audit/finding.ts';
import type { UsageHalves } from '../../audit/usage-halves.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import { hmacSha256, sha256, toBase64url } from '../../domain/hash.ts';
import type { Address, Hex, MemberId, UsageId } from '../../domain/ids.ts';
import type { NodeSource } from '../../domain/merkle.ts';
import type { LeafStep } from '../../domain/usage-leaf.ts';
import type { Randomness } from '../../ports/clock.ts';
import { usageFailure } from '../failure.ts';

/** How far one member's log has been read, and what was seen of it. */
export type LogState = {
  readonly member: MemberId;
  readonly log: number;
  readonly size: number;
  /** Right edge of the tree of `size` leaves. */
  readonly edge: readonly Hex[];
  /** The signed checkpoint that these leaves were read under: of `noteSize` leaves, which is `size` once it is read whole. */
  readonly note: string;
  readonly noteSize: number;
  /** The round whose checkpoint was read whole. */
  readonly round: number;
  /** The entry with the latest time so far, and that time in milliseconds. */
  readonly latest: Latest;
  /** Anchors up to this size were held against the entries. */
  readonly anchorsTo: number;
  /** The largest size that a quorum of witnesses has cosigned; and the first that was claimed beyond it, with the block time of that. */
  readonly quorumSize: number;
  readonly waiting: { readonly size: number; readonly since: number } | undefined;
  readonly erased: number;
  readonly served: number;
  readonly refused: number;
  /** A signed checkpoint that does not extend what was read; nothing is read from then on. */
  readonly broken: string | undefined;
};

export type Latest = { readonly time: number; readonly index: number };

/** What this state is of; another network's must not be mixed in. */
export type StateIdentity = { readonly chainId: number; readonly directory: Address };
type Meta = StateIdentity & { readonly version: 1; readonly salt: string; readonly round: number };

/** A fork with what convinces others of it: both notes, the smaller first, and the way from the other tree to the larger root. */
export type FoundFork = {
  readonly member: MemberId;
  readonly log: number;
  readonly sizes: readonly [number, number];
  readonly notes: readonly [string, string];
  readonly other: Hex;
  readonly proof: readonly Hex[];
};

/** Milliseconds of the writer's clock, and the deciding block. */
export type LeafTimes = { readonly time: number; readonly block: number };

const place = (number: number): string => number.toString(16).padStart(14, '0');
const inBytes = (text: string): Buffer => utf8(text);

/**
 * What an auditor remembers between rounds and restarts, in one folder: every tree, every usage by its halves, counts, findings. Changes are staged and become
 * durable together with `commit`, so that a process killed anywhere goes on where the last commit left it. Values behind the leaves are kept as digests under a
 * key of this state only.
 */
export class AuditorState {
  readonly #database: Database;
  readonly #staged = new Map<string, Buffer | null>();
  #meta: Meta;

  private constructor(database: Database, meta: Meta) {
    this.#database = database;
    this.#meta = meta;
  }

  /** Throws STORE_LOCKED when another auditor works on the folder; refuses the state of another network. */
  static async open(folder: string, identity: StateIdentity, randomness: Randomness): Promise<AuditorState> {
    const database = await openDatabase(folder);
    const stored = database.get(inBytes('meta'));
    const fresh: Meta = { ...identity, version: 1, salt: toBase64url(randomness.bytes(32)), round: 0 };
    const meta = stored === undefined ? fresh : (JSON.parse(stored.toString('utf8')) as Meta);
    if (meta.version !== 1 || meta.chainId !== identity.chainId || meta.directory !== identity.directory) {
      await database.close();
      throw usageFailure(`${folder} is the state of another network or version`, { chainId: meta.chainId, directory: meta.directory });
    }
    const state = new AuditorState(database, meta);
    if (stored === undefined) {
      state.#put('meta', meta);
      await state.commit();
    }
    return state;
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  async commit(): Promise<void> {
    if (this.#staged.size === 0) return;
    const writes = [...this.#staged].map(
      ([key, value]): Write => (value === null ? { type: 'del', key: inBytes(key) } : { type: 'put', key: inBytes(key), value }),
    );
    await this.#database.batch(writes);
    this.#staged.clear();
  }

  /** Forgets what was staged and not committed. */
  abandon(): void {
    this.#staged.clear();
  }

  get round(): number {
    return this.#meta.round;
  }

  beginRound(): number {
    this.#meta = { ...this.#meta, round: this.#meta.round + 1 };
    this.#put('meta', this.#meta);
    return this.#meta.round;
  }

  /** Stands for a value wherever it is only asked whether two are equal. */
  digest(name: string, value: string): string {
    return toBase64url(hmacSha256(Buffer.from(this.#meta.salt, 'base64url'), `${name}/${value}`).subarray(0, 12));
  }

  log(member: MemberId): LogState | undefined {
    return this.#get<LogState>(`log/${member}`);
  }

  putLog(log: LogState): void {
    this.#put(`log/${log.member}`, log);
  }

  async logs(): Promise<readonly LogState[]> {
    const found: LogState[] = [];
    for await (const [, value] of this.#range('log/')) found.push(JSON.parse(value.toString('utf8')) as LogState);
    return found;
  }

  putNode(member: MemberId, level: number, index: number, hash: Uint8Array): void {
    this.#staged.set(`node/${member}/${level}/${place(index)}`, Buffer.from(hash));
  }

  /** A leaf's hash, with its times beside it. */
  putLeaf(member: MemberId, index: number, hash: Uint8Array, { time, block }: LeafTimes): void {
    this.#staged.set(`node/${member}/0/${place(index)}`, Buffer.concat([hash, u64(time), u64(block)]));
  }

  nodes(member: MemberId): NodeSource {
    return async (level, index) => {
      const found = this.#bytes(`node/${member}/${level}/${place(index)}`);
      if (found === undefined) throw new RangeError(`no node ${level}/${index} of ${member}`);
      return found.subarray(0, 32);
    };
  }

  leafHash(member: MemberId, index: number): Uint8Array | undefined {
    return this.#bytes(`node/${member}/0/${place(index)}`)?.subarray(0, 32);
  }

  leafTimes(member: MemberId, index: number): LeafTimes | undefined {
    const found = this.#bytes(`node/${member}/0/${place(index)}`);
    return found === undefined ? undefined : { time: readU64(found, 32), block: readU64(found, 40) };
  }

  /** Every signed checkpoint that was accepted, by its size. */
  putNote(member: MemberId, size: number, note: string): void {
    this.#put(`note/${member}/${place(size)}`, note);
  }

  /** What shows that a member's log has two histories: of a log that no longer extends what was read. */
  putFork(fork: FoundFork): void {
    this.#put(`fork/${fork.member}`, fork);
  }

  fork(member: MemberId): FoundFork | undefined {
    return this.#get<FoundFork>(`fork/${member}`);
  }

  halves(usage: UsageId): UsageHalves {
    return this.#get<UsageHalves>(`usage/${usage}`) ?? [];
  }

  putHalves(usage: UsageId, halves: UsageHalves): void {
    this.#put(`usage/${usage}`, halves);
  }

  setOpen(usage: UsageId, open: boolean): void {
    this.#flag(`open/${usage}`, open ? 0 : undefined);
  }

  async *open(): AsyncGenerator<UsageId> {
    for await (const [key] of this.#range('open/')) yield key as UsageId;
  }

  /** Something of this usage must turn up in another log by the round after this one. */
  setAwaited(usage: UsageId, since: number | undefined): void {
    this.#flag(`await/${usage}`, since);
  }

  async *awaited(): AsyncGenerator<{ readonly usage: UsageId; readonly since: number }> {
    for await (const [key, value] of this.#range('await/')) yield { usage: key as UsageId, since: JSON.parse(value.toString('utf8')) };
  }

  /** Entries of this step whose opening is erased, and that no other half has accounted for. */
  erased(member: MemberId, step: LeafStep): number {
    return this.#get<number>(`erased/${member}/${step}`) ?? 0;
  }

  addErased(member: MemberId, step: LeafStep, change: 1 | -1): void {
    this.#put(`erased/${member}/${step}`, this.erased(member, step) + change);
  }

  /** Counts one more use under a key, remembers its entry, and gives the count. */
  countUp(member: MemberId, key: string, index: number): number {
    const name = `count/${member}/${key}`;
    const count = (this.#get<number>(name) ?? 0) + 1;
    this.#put(name, count);
    this.#put(`use/${member}/${key}/${place(count)}`, index);
    return count;
  }

  /** The entries of the first `count` uses under a key. */
  usesOf(member: MemberId, key: string, count: number): readonly number[] {
    return Array.from({ length: count }, (_, at) => this.#get<number>(`use/${member}/${key}/${place(at + 1)}`) as number);
  }

  /** False when it was found before. */
  addFinding(finding: Finding): boolean {
    const { kind, member, usage, what } = finding;
    const id = toBase64url(sha256(canonicalJson({ kind, member, usage: usage ?? null, what })));
    const name = `finding/${id}`;
    if (this.#bytes(name) !== undefined) return false;
    this.#put(name, { round: this.round, finding });
    return true;
  }

  async findings(): Promise<readonly Finding[]> {
    const found: { round: number; finding: Finding }[] = [];
    for await (const [, value] of this.#range('finding/')) found.push(JSON.parse(value.toString('utf8')));
    return found.sort((a, b) => a.round - b.round).map(({ finding }) => finding);
  }

  #flag(key: string, value: number | undefined): void {
    if (value === undefined) this.#staged.set(key, null);
    else this.#put(key, value);
  }

  #put(key: string, value: unknown): void {
    this.#staged.set(key, Buffer.from(JSON.stringify(value), 'utf8'));
  }

  #bytes(key: string): Buffer | undefined {
    const staged = this.#staged.get(key);
    return staged === undefined ? this.#database.get(inBytes(key)) : (staged ?? undefined);
  }

  #get<T>(key: string): T | undefined {
    const found = this.#bytes(key);
    return found === undefined ? undefined : (JSON.parse(found.toString('utf8')) as T);
  }

  /** What is committed under a prefix, by the rest of the key. */
  async *#range(prefix: string): AsyncGenerator<readonly [string, Buffer]> {
    for await (const [key, value] of this.#database.range({ gte: inBytes(prefix), lt: inBytes(`${prefix.slice(0, -1)}0`) }))
      yield [key.toString('utf8').slice(prefix.length), value];
  }
}
