import { type Cosignature, cosignaturesIn, type Witness } from '../audit/cosignature.ts';
import { readNote, readSignatures } from '../audit/note.ts';
import { formatWitnessRequest } from '../audit/witness-request.ts';
import { witnessesOf } from '../audit/witness-set.ts';
import type { ErrorCode } from '../domain/errors.ts';
import { fromHex } from '../domain/hash.ts';
import type { MemberId } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { type CosignedCheckpoint, cosignedNote } from './cosigned.ts';
import type { Modules } from './modules.ts';

export type CosignersModules = Pick<
  Modules,
  'member' | 'ledger' | 'audit' | 'checkpoints' | 'cosigned' | 'witnesses' | 'clock' | 'log' | 'meter'
>;

/** What is known of one witness: never more than a guess that its answer corrects, but for what it signed. */
type Standing = {
  /** What it is thought to have cosigned last. */
  size: number;
  /** The largest size that it has cosigned in this run of the process. */
  proven: number;
  /** What it was last shown with a quorum of cosignatures, and when. */
  told: number;
  toldAt: number;
  failures: number;
  notBefore: number;
  underWay: boolean;
};

const firstDelayMs = 1_000;
const longestDelayMs = 30_000;
/** How long one checkpoint is held on to for its quorum, before a newer one takes its place. */
const patienceMs = 5_000;

/**
 * Collects the cosignatures of the other members on the own checkpoints (C2SP tlog-witness, the log's side), and shows each of them that a quorum was reached. Every
 * witness is asked by itself, so that one that is down or slow holds up nobody; nothing that answers users waits for any of this.
 */
export class Cosigners {
  readonly #modules: CosignersModules;
  readonly #standings = new Map<MemberId, Standing>();
  #candidate: CosignedCheckpoint | undefined;
  #closed = false;

  constructor(modules: CosignersModules) {
    this.#modules = modules;
  }

  /** One round: asks whoever still has something to say on the checkpoint at hand. Resolves when all that were asked have answered or failed. */
  async round(): Promise<void> {
    const view = this.#modules.ledger.head();
    const quorum = view.parameter('witness-quorum');
    if (quorum === 0) return;
    this.#choose();
    const witnesses = witnessesOf(view, this.#modules.ledger.chainId, this.#modules.member);
    // Those who answered before the quorum was reached are shown it in a second pass.
    for (const _ of ['cosign', 'show']) await Promise.all(witnesses.map((witness) => this.#visit(witness, quorum)));
  }

  /** Asks nobody any more. */
  close(): void {
    this.#closed = true;
  }

  #choose(): void {
    const newest = this.#modules.checkpoints.newest();
    if (newest === undefined || newest.size === 0) return;
    const held = this.#candidate;
    const isOver = held === undefined || this.#hasQuorum(held) || this.#modules.clock.now() - held.at > patienceMs;
    if (!isOver || (held !== undefined && held.size === newest.size && held.base === newest.note)) return;
    const before = this.#modules.cosigned.newest();
    const kept = before?.size === newest.size ? before.cosignatures : {};
    this.#candidate = { size: newest.size, root: newest.root, base: newest.note, cosignatures: kept, at: newest.at };
  }

  #hasQuorum({ size }: CosignedCheckpoint): boolean {
    return (this.#modules.cosigned.newest()?.size ?? 0) >= size;
  }

  async #visit(witness: Witness, quorum: number): Promise<void> {
    const standing = this.#standingOf(witness.member);
    if (standing.underWay) return;
    standing.underWay = true;
    try {
      // Once for its cosignature, and once more to show it the others'.
      while (!this.#closed && this.#isDue(witness.member, standing)) {
        const asked = await this.#ask(witness, standing, quorum);
        this.#modules.meter.cosignature(asked.ok ? 'ok' : asked.refusal.code);
        if (!asked.ok) {
          this.#delay(witness.member, standing, asked.refusal.code);
          return;
        }
        standing.failures = 0;
      }
    } finally {
      standing.underWay = false;
    }
  }

  #isDue(member: MemberId, standing: Standing): boolean {
    const { ledger, clock } = this.#modules;
    const candidate = this.#candidate;
    const now = clock.now();
    if (candidate === undefined || now < standing.notBefore) return false;
    if (candidate.cosignatures[member] === undefined) return true;
    const everyMs = (ledger.head().parameter('max-witness-lag') * 1000) / 4;
    return this.#hasQuorum(candidate) && standing.told < candidate.size && now - standing.toldAt >= everyMs;
  }

  async #ask(witness: Witness, standing: Standing, quorum: number): Promise<Result<undefined>> {
    const candidate = this.#candidate!;
    const told = this.#hasQuorum(candidate);
    const lines = await this.#submit(witness.member, standing, candidate);
    if (!lines.ok) return lines;
    const cosignature = this.#verified(candidate, witness, lines.value);
    if (cosignature === undefined) return refuse('WITNESS_ANSWER', { member: witness.member });
    standing.size = candidate.size;
    standing.proven = Math.max(standing.proven, candidate.size);
    if (told) [standing.told, standing.toldAt] = [candidate.size, this.#modules.clock.now()];
    if (this.#candidate?.size !== candidate.size) return ok(undefined);
    this.#candidate = {
      ...this.#candidate,
      cosignatures: { ...this.#candidate.cosignatures, [witness.member]: cosignature.line },
    };
    if (Object.keys(this.#candidate.cosignatures).length >= quorum) await this.#modules.cosigned.keep(this.#candidate);
    return ok(undefined);
  }

  async #submit(to: MemberId, standing: Standing, candidate: CosignedCheckpoint): Promise<Result<string>> {
    const { audit, checkpoints, witnesses, log } = this.#modules;
    const note = cosignedNote(candidate);
    let from = Math.min(standing.size, candidate.size);
    // The second time from where the witness says it stands.
    for (const last of [false, true]) {
      const proof = (await audit.consistency(from, candidate.size)).map(fromHex);
      const answer = await witnesses.addCheckpoint(to, formatWitnessRequest({ oldSize: from, proof, note }));
      if (!answer.ok) return answer;
      if (answer.value.kind === 'cosigned') return ok(answer.value.lines);
      const { size } = answer.value;
      // The roots differ: one of us two holds another history.
      if (size === from) return refuse('WITNESS_CONTRADICTION', { member: to, size });
      if (size > (checkpoints.newest()?.size ?? 0)) return refuse('WITNESS_AHEAD', { member: to, size });
      if (size < standing.proven)
        log.error({ outcome: 'WITNESS_WENT_BACK', member: to, size, cosigned: standing.proven }, 'witness forgot');
      standing.size = size;
      // Somebody else has shown it a newer one: the next round does.
      if (last || size > candidate.size) break;
      from = size;
    }
    return refuse('WITNESS_MOVED', { member: to });
  }

  #verified({ base }: CosignedCheckpoint, witness: Witness, lines: string): Cosignature | undefined {
    const [note, signatures] = [readNote(base), readSignatures(lines)];
    if (!note.ok || signatures === undefined) return undefined;
    const found = cosignaturesIn({ text: note.value.text, signatures }, [witness]);
    return found.ok ? found.value[0] : undefined;
  }

  #standingOf(member: MemberId): Standing {
    const known = this.#standings.get(member);
    if (known !== undefined) return known;
    const fresh = { size: 0, proven: 0, told: 0, toldAt: 0, failures: 0, notBefore: 0, underWay: false };
    this.#standings.set(member, fresh);
    return fresh;
  }

  #delay(member: MemberId, standing: Standing, outcome: ErrorCode): void {
    const { clock, log } = this.#modules;
    standing.notBefore = clock.now() + Math.min(longestDelayMs, firstDelayMs * 2 ** standing.failures);
    standing.failures += 1;
    log.warn({ member, outcome, failures: standing.failures }, 'checkpoint not cosigned');
  }
}
