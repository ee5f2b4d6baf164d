import { setTimeout as pause } from 'node:timers/promises';
import { chainSignatureLine } from '../audit/chain-signature.ts';
import { checkpointDomain, checkpointMessage, checkpointText, checkpointTypes, logOrigin } from '../audit/checkpoint.ts';
import { formatNote } from '../audit/note.ts';
import { XinshuError } from '../domain/errors.ts';
import { fromHex, toHex } from '../domain/hash.ts';
import type { Address, Hex, MemberId } from '../domain/ids.ts';
import { keysInForce } from '../domain/member-keys.ts';
import type { AuditStore } from '../ports/audit-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { Keys } from '../ports/keys.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Cosigned } from './cosigned.ts';

export type CheckpointsModules = {
  readonly member: MemberId;
  readonly ledger: Pick<Ledger, 'chainId' | 'address' | 'head'>;
  readonly audit: Pick<AuditStore, 'log' | 'size' | 'root'>;
  readonly documents: DocumentStore;
  readonly keys: Pick<Keys, 'account' | 'noteKey' | 'signNote' | 'signTypedData'>;
  readonly cosigned: Pick<Cosigned, 'newest'>;
  readonly clock: Clock;
  /** Shortest time between two signatures, in milliseconds, however many ask. */
  readonly spacingMs: number;
};

/** A checkpoint that was shown, or may have been: it is durable before anyone sees it. */
export type PublishedCheckpoint = {
  readonly size: number;
  readonly root: Hex;
  /** Signed note, with the EIP-712 signature of the same tree head as a further signature line. */
  readonly note: string;
  readonly chainSignature: Hex;
  /** Who signed: the note key, and the account. */
  readonly noteKey: Hex;
  readonly account: Address;
  /** When it was signed, in milliseconds. */
  readonly at: number;
  /** When the first was signed that is larger than all with a quorum of cosignatures. */
  readonly waitingSince: number;
};

/**
 * The checkpoints of the own log. One signature stands for however many entries were appended since the last; each is durable before it is shown, and there are
 * never two roots for one size: what was published, and what the chain holds, is held against the log before anything new is signed.
 */
export class Checkpoints {
  readonly #modules: CheckpointsModules;
  readonly #key: string;
  #newest: PublishedCheckpoint | undefined;
  /** A publication that has not looked at the log yet: whoever asks now may share it. */
  #coming: Promise<PublishedCheckpoint> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(modules: CheckpointsModules) {
    this.#modules = modules;
    this.#key = String(modules.audit.log);
  }

  /** Throws LOG_CONTRADICTS_CHECKPOINT when the log does not hold what was published from it. */
  static async open(modules: CheckpointsModules): Promise<Checkpoints> {
    const checkpoints = new Checkpoints(modules);
    await checkpoints.#reload();
    return checkpoints;
  }

  /** The newest that was published; undefined before the first. */
  newest(): PublishedCheckpoint | undefined {
    return this.#newest;
  }

  /**
   * A checkpoint that covers all that is durable at the time of the call: the newest, or a new one, for which those who ask meanwhile wait together. Throws
   * MEMBER_KEY_MISSING when the registry does not hold the note key, LOG_BEHIND_ANCHOR or LOG_CONTRADICTS_CHECKPOINT when the log has lost or changed entries, and the
   * errors of the store.
   */
  fresh(): Promise<PublishedCheckpoint> {
    if (this.#coming !== undefined) return this.#coming;
    const mine = this.#last.then(() => this.#publish());
    this.#coming = mine;
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async #publish(): Promise<PublishedCheckpoint> {
    try {
      // Again from the store: after a write of unknown outcome only that knows.
      const last = await this.#reload();
      if (last !== undefined && this.#isCurrent(last)) return last;
      if (last !== undefined) await pause(Math.max(0, Math.min(this.#modules.spacingMs, last.at + this.#modules.spacingMs - this.#now())));
    } finally {
      this.#coming = undefined;
    }
    const made = await this.#sign();
    await this.#modules.documents.put('checkpoint', this.#key, made);
    this.#newest = made;
    return made;
  }

  #isCurrent({ size, noteKey, account }: PublishedCheckpoint): boolean {
    const { audit, keys } = this.#modules;
    // Keys change in the middle of a log: the same tree head is then signed again.
    return size === audit.size() && noteKey === toHex(keys.noteKey) && account === keys.account;
  }

  async #sign(): Promise<PublishedCheckpoint> {
    const { member, ledger, audit, keys } = this.#modules;
    const view = ledger.head();
    const own = toHex(keys.noteKey);
    if (!keysInForce(view.member(member)?.keys ?? [], 'note', view.block.number).some(({ data }) => data === own))
      throw new XinshuError('MEMBER_KEY_MISSING', { member, purpose: 'note' });
    const anchor = view.latestAnchor(member, audit.log);
    if (anchor !== undefined) await this.#mustHold(anchor, 'LOG_BEHIND_ANCHOR');
    const size = audit.size();
    const root = await audit.root(size);
    const text = checkpointText({ origin: this.origin, size, root: fromHex(root) });
    const domain = checkpointDomain(ledger.chainId, ledger.address('audit-anchor'));
    const message = checkpointMessage(member, audit.log, size, fromHex(root));
    // Read in the same breath as they sign: keys change under way.
    const [noteKey, account] = [toHex(keys.noteKey), keys.account];
    const [signature, chainSignature] = await Promise.all([
      keys.signNote(Buffer.from(text, 'utf8')),
      keys.signTypedData(domain, checkpointTypes, message),
    ]);
    const note = formatNote(text, this.origin, fromHex(noteKey), signature) + chainSignatureLine(this.origin, account, chainSignature);
    const at = this.#now();
    const waits = this.#newest !== undefined && this.#newest.size > (this.#modules.cosigned.newest()?.size ?? 0);
    const waitingSince = waits ? this.#newest!.waitingSince : at;
    return { size, root, note, chainSignature, noteKey, account, at, waitingSince };
  }

  /** The checkpoint's first line, and the name of the key that signs it. */
  get origin(): string {
    const { ledger, member, audit } = this.#modules;
    return logOrigin(ledger.chainId, member, audit.log);
  }

  async #reload(): Promise<PublishedCheckpoint | undefined> {
    const last = await this.#modules.documents.get<PublishedCheckpoint>('checkpoint', this.#key);
    if (last !== undefined) await this.#mustHold(last, 'LOG_CONTRADICTS_CHECKPOINT');
    this.#newest = last;
    return last;
  }

  async #mustHold(
    { size, root }: { readonly size: number; readonly root: Hex },
    shorter: 'LOG_BEHIND_ANCHOR' | 'LOG_CONTRADICTS_CHECKPOINT',
  ): Promise<void> {
    const { audit } = this.#modules;
    if (audit.size() < size) throw new XinshuError(shorter, { size: audit.size(), signed: size });
    const found = await audit.root(size);
    if (found !== root) throw new XinshuError('LOG_CONTRADICTS_CHECKPOINT', { size, signed: root, found });
  }

  #now(): number {
    return this.#modules.clock.now();
  }
}
