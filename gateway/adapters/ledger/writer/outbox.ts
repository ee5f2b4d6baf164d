import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../../ports/log.ts';
import type { AccountChain } from './account-chain.ts';
import { type EncodedCall, encodedCall } from './encode-call.ts';
import { judgeEntry } from './judge-entry.ts';
import type { LostAnswers } from './lost-answers.ts';
import { OutboxEntry, type Settlement, type Signed, type SignedEntry } from './outbox-entry.ts';
import type { OutboxJournal } from './outbox-journal.ts';

export type OutboxModules = {
  readonly chain: AccountChain;
  readonly journal: OutboxJournal;
  readonly lost: LostAnswers;
  readonly log: Log;
};

const roundMs = 200;
const transactionsInBatch = 200;

/**
 * Transactions of one account on their way into a block, in the order of their nonces. What was signed is sent again as it is until its fate is known: a nonce is
 * used by one transaction only, so a lost answer never makes two of one.
 */
export class Outbox {
  readonly #modules: OutboxModules;
  #entries: OutboxEntry[] = [];
  #running: Promise<void> | undefined;
  #wake = new AbortController();
  #closed = false;

  constructor(modules: OutboxModules) {
    this.#modules = modules;
  }

  /** Takes up what was under way when the process ended. */
  async open(): Promise<void> {
    for (const { to, data, nonce, raw, hash } of await this.#modules.journal.load()) {
      this.#entries.push(new OutboxEntry(encodedCall(to, data), 0n, { nonce, raw, hash }));
    }
    this.#start();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.wake();
    await this.#running;
  }

  /** Undefined when nothing is under way, else what resolves once all of it has settled. */
  underWay(): Promise<unknown> | undefined {
    return this.#entries.length === 0 ? undefined : Promise.all(this.#entries.map(({ settlement }) => settlement));
  }

  put(call: EncodedCall, gas: bigint): OutboxEntry {
    const entry = new OutboxEntry(call, gas);
    this.#entries.push(entry);
    this.#start();
    return entry;
  }

  /** An equal call that nobody waits for any more: its answer was lost. */
  adopt(call: EncodedCall): OutboxEntry | undefined {
    const entry = this.#entries.find((candidate) => !candidate.awaited && candidate.call.key === call.key);
    if (entry !== undefined) entry.awaited = true;
    return entry;
  }

  /** A block came: there may be receipts. */
  wake(): void {
    this.#wake.abort();
  }

  #start(): void {
    this.wake();
    if (this.#entries.length === 0 || this.#closed) return;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      this.#start();
    });
  }

  async #run(): Promise<void> {
    while (this.#entries.length > 0 && !this.#closed) {
      this.#wake = new AbortController();
      try {
        await this.#sign();
        const refused = await this.#send();
        const settled = await this.#look();
        const waiting = this.#entries.some(({ signed }) => signed === undefined);
        if (refused === 0 && (settled > 0 || waiting)) continue;
      } catch (error) {
        this.#modules.log.warn({ error: String(error), waiting: this.#entries.length }, 'transactions wait for the ledger node');
      }
      await delay(roundMs, undefined, { signal: this.#wake.signal }).catch(() => undefined);
    }
  }

  async #sign(): Promise<void> {
    const { chain, journal } = this.#modules;
    const unsigned = this.#entries.filter(({ signed }) => signed === undefined).slice(0, transactionsInBatch);
    if (unsigned.length === 0) return;
    const used = new Set(this.#signed().map(({ signed }) => signed.nonce));
    let nonce = await chain.nonce('pending');
    const signed: Signed[] = [];
    for (const { call, gas } of unsigned) {
      while (used.has(nonce)) nonce += 1;
      signed.push(await chain.sign(call, gas, nonce));
      nonce += 1;
    }
    await journal.add(unsigned.map(({ call: { to, data } }, at) => ({ to, data, ...(signed[at] as Signed) })));
    unsigned.forEach((entry, at) => {
      entry.signed = signed[at];
    });
  }

  /** The number of refusals. */
  async #send(): Promise<number> {
    const unsent = this.#signed().filter(({ sent }) => !sent);
    if (unsent.length === 0) return 0;
    const refusals = await this.#modules.chain.send(unsent.map(({ signed }) => signed));
    unsent.forEach((entry, at) => {
      const refusal = refusals[at];
      entry.sent = refusal === undefined;
      entry.refusals = entry.sent ? 0 : entry.refusals + 1;
      entry.lastRefusal = refusal ?? '';
    });
    return refusals.filter((refusal) => refusal !== undefined).length;
  }

  /** Looks for what became of everything signed. The number of entries that settled. */
  async #look(): Promise<number> {
    const { chain, journal } = this.#modules;
    const signed = this.#signed();
    if (signed.length === 0) return 0;
    const confirmed = await chain.nonce('latest');
    const traces = await chain.traces(signed.map((entry) => entry.signed.hash));
    const settlements = new Map<OutboxEntry, Settlement>();
    const forgotten: Signed[] = [];
    signed.forEach((entry, at) => {
      const trace = traces[at];
      if (trace === undefined) return;
      const verdict = judgeEntry(entry, trace, confirmed);
      if (verdict === 'included' && trace.receipt !== undefined) settlements.set(entry, { kind: 'receipt', receipt: trace.receipt });
      if (verdict === 'drop') settlements.set(entry, { kind: 'dropped' });
      if (verdict === 'refuse') settlements.set(entry, { kind: 'refused', message: entry.lastRefusal });
      if (verdict === 'resend') entry.sent = false;
      // A nonce that the node refused leaves a gap before the refused ones after it.
      const behindGap = verdict === 'resend' && entry.refusals > 0 && [...settlements.values()].some(({ kind }) => kind === 'refused');
      if (settlements.has(entry) || verdict === 'renumber' || behindGap) forgotten.push(entry.signed);
      if (verdict === 'renumber' || behindGap) entry.reset();
    });
    if (forgotten.length > 0) await journal.remove(forgotten.map(({ hash }) => hash));
    this.#entries = this.#entries.filter((entry) => !settlements.has(entry));
    for (const [entry, settlement] of settlements) this.#settle(entry, settlement);
    return settlements.size;
  }

  #settle(entry: OutboxEntry, settlement: Settlement): void {
    if (!entry.awaited && settlement.kind === 'receipt') this.#modules.lost.keep(entry.call, settlement);
    entry.settle(settlement);
  }

  #signed(): SignedEntry[] {
    return this.#entries.filter((entry): entry is SignedEntry => entry.signed !== undefined);
  }
}
