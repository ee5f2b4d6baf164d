import type { Address } from '../../../domain/ids.ts';
import { ok, type Result, refuse } from '../../../domain/result.ts';
import type { Included, Ledger, LedgerCall, SoleWriter } from '../../../ports/ledger.ts';
import { RpcError, RpcUnreachable } from '../rpc/rpc-client.ts';
import type { AccountChain } from './account-chain.ts';
import { type EncodedCall, encodeCall } from './encode-call.ts';
import type { LostAnswers } from './lost-answers.ts';
import type { Outbox } from './outbox.ts';
import type { OutboxEntry, Settlement } from './outbox-entry.ts';
import { included, type Receipt } from './receipt.ts';

export type WriterModules = {
  readonly ledger: Ledger;
  readonly chain: AccountChain;
  readonly outbox: Outbox;
  readonly lost: LostAnswers;
  readonly nameOf: (address: Address) => string | undefined;
  /** How long a call waits for its block, in milliseconds. */
  readonly answerMs: number;
};

/** A call under way: when it went to the outbox, or never will, and when it was answered. Neither rejects. */
type Submission = { readonly sent: Promise<void>; readonly answered: Promise<void> };

/**
 * Calls of one account. Each is tried on the newest state first, so that what would revert is never sent; many at once share blocks. After LEDGER_UNREACHABLE the
 * call may still come into a block: making the same call again, after a restart too, takes that outcome and sends nothing twice.
 */
export class AccountWriter implements SoleWriter {
  readonly #modules: WriterModules;
  readonly #submitted = new Set<Submission>();
  /** While a call goes out alone. */
  #alone: Promise<unknown> | undefined;

  constructor(modules: WriterModules) {
    this.#modules = modules;
  }

  get account(): Address {
    return this.#modules.chain.account;
  }

  async submit(call: LedgerCall): Promise<Result<Included>> {
    while (this.#alone !== undefined) await this.#alone;
    return this.#submit(call);
  }

  async submitAlone(call: LedgerCall, then: () => void): Promise<Result<Included>> {
    while (this.#alone !== undefined) await this.#alone;
    const work = this.#submitAlone(call, then);
    this.#alone = work.then(ignore, ignore);
    try {
      return await work;
    } finally {
      this.#alone = undefined;
    }
  }

  async #submitAlone(call: LedgerCall, then: () => void): Promise<Result<Included>> {
    const { outbox, answerMs } = this.#modules;
    const before = Promise.all([outbox.underWay(), ...[...this.#submitted].map(({ answered }) => answered)]);
    if ((await this.#bounded(before)) === undefined || outbox.underWay() !== undefined)
      return refuse('LEDGER_UNREACHABLE', { waited: answerMs });
    const included = await this.#submit(call);
    if (included.ok) then();
    return included;
  }

  async #submit(call: LedgerCall): Promise<Result<Included>> {
    const encoded = encodeCall(this.#modules.ledger, call);
    if (!encoded.ok) return encoded;
    const earlier = [...this.#submitted];
    const turn = Promise.withResolvers<void>();
    const answer = this.#carry(encoded.value, earlier, turn.resolve);
    const submission: Submission = { sent: turn.promise, answered: answer.then(ignore, ignore) };
    this.#submitted.add(submission);
    try {
      return await answer;
    } finally {
      turn.resolve();
      this.#submitted.delete(submission);
    }
  }

  async #carry(call: EncodedCall, earlier: readonly Submission[], done: () => void): Promise<Result<Included>> {
    const { outbox, lost } = this.#modules;
    const kept = lost.take(call);
    if (kept?.kind === 'receipt') return this.#answer(call, 0n, kept.receipt);
    const begun = outbox.adopt(call);
    if (begun !== undefined) {
      const settlement = await this.#wait(begun);
      if (settlement?.kind !== 'dropped') return this.#conclude(begun, settlement);
    }
    const estimate = await this.#estimate(call, earlier);
    if (!estimate.ok) return estimate;
    // Calls go out in the order in which they were made.
    await Promise.all(earlier.map(({ sent }) => sent));
    lost.supersede(call);
    const entry = outbox.put(call, estimate.value);
    done();
    return this.#conclude(entry, await this.#wait(entry));
  }

  /** A call may need what this account has under way: it is refused only on a state that has all of that. */
  async #estimate(call: EncodedCall, earlier: readonly Submission[]): Promise<Result<bigint>> {
    const { chain, outbox, answerMs } = this.#modules;
    try {
      const underWay = outbox.underWay();
      const first = await chain.estimate(call);
      if (first.kind === 'gas') return ok(first.gas);
      if (underWay === undefined && earlier.length === 0) return refuse('LEDGER_CALL_REVERTED', first.reason);
      const settled = await this.#bounded(Promise.all([underWay, ...earlier.map(({ answered }) => answered)]));
      if (settled === undefined) return refuse('LEDGER_UNREACHABLE', { waited: answerMs });
      const second = await chain.estimate(call);
      return second.kind === 'gas' ? ok(second.gas) : refuse('LEDGER_CALL_REVERTED', second.reason);
    } catch (error) {
      return unreachable(error);
    }
  }

  async #conclude(entry: OutboxEntry, settlement: Settlement | undefined): Promise<Result<Included>> {
    if (settlement?.kind === 'receipt') return this.#answer(entry.call, entry.gas, settlement.receipt);
    if (settlement?.kind === 'refused') return refuse('LEDGER_UNREACHABLE', { reason: settlement.message.slice(0, 200) });
    return refuse('LEDGER_UNREACHABLE', { waited: this.#modules.answerMs });
  }

  async #answer(call: EncodedCall, gas: bigint, receipt: Receipt): Promise<Result<Included>> {
    const { ledger, chain, lost, nameOf, answerMs } = this.#modules;
    if (!receipt.succeeded) {
      const reason = await chain.replay(call, gas, receipt.block).catch(() => ({ error: 'unknown' }));
      return refuse('LEDGER_CALL_REVERTED', reason);
    }
    if (await ledger.reached(receipt.block, answerMs)) return ok(included(receipt, nameOf));
    lost.keep(call, { kind: 'receipt', receipt });
    return refuse('LEDGER_UNREACHABLE', { block: receipt.block, waited: answerMs });
  }

  /** undefined: not settled in time; the entry is left to whoever makes the call again. */
  async #wait(entry: OutboxEntry): Promise<Settlement | undefined> {
    const settlement = await this.#bounded(entry.settlement);
    if (settlement === undefined) entry.awaited = false;
    return settlement;
  }

  async #bounded<T>(promise: Promise<T>): Promise<T | undefined> {
    const { promise: timeout, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), this.#modules.answerMs);
    try {
      return await Promise.race([promise, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }
}

const ignore = (): void => undefined;

const unreachable = (error: unknown) => {
  if (error instanceof RpcUnreachable) return refuse('LEDGER_UNREACHABLE', {});
  if (error instanceof RpcError) return refuse('LEDGER_UNREACHABLE', { reason: error.message.slice(0, 200) });
  throw error;
};
