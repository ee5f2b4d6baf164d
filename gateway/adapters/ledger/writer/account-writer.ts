import type { Address } from '../../../domain/ids.ts';
import { ok, type Result, refuse } from '../../../domain/result.ts';
import type { Included, Ledger, LedgerCall, LedgerWriter } from '../../../ports/ledger.ts';
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

/**
 * Calls of one account. Each is tried on the newest state first, so that what would revert is never sent; many at once share blocks. After LEDGER_UNREACHABLE the
 * call may still come into a block: making the same call again, after a restart too, takes that outcome and sends nothing twice.
 */
export class AccountWriter implements LedgerWriter {
  readonly account: Address;
  readonly #modules: WriterModules;

  constructor(modules: WriterModules) {
    this.#modules = modules;
    this.account = modules.chain.account;
  }

  async submit(call: LedgerCall): Promise<Result<Included>> {
    const { ledger, outbox, lost } = this.#modules;
    const encoded = encodeCall(ledger, call);
    if (!encoded.ok) return encoded;
    const kept = lost.take(encoded.value);
    if (kept?.kind === 'receipt') return this.#answer(encoded.value, 0n, kept.receipt);
    const begun = outbox.adopt(encoded.value);
    if (begun !== undefined) {
      const settlement = await this.#wait(begun);
      if (settlement?.kind !== 'dropped') return this.#conclude(begun, settlement);
    }
    return this.#send(encoded.value);
  }

  async #send(call: EncodedCall): Promise<Result<Included>> {
    const { outbox, lost } = this.#modules;
    const estimate = await this.#estimate(call);
    if (!estimate.ok) return estimate;
    lost.supersede(call);
    const entry = outbox.put(call, estimate.value);
    return this.#conclude(entry, await this.#wait(entry));
  }

  /** A call may need what this account has under way: it is refused only on a state that has it. */
  async #estimate(call: EncodedCall): Promise<Result<bigint>> {
    const { chain, outbox } = this.#modules;
    try {
      for (;;) {
        const before = outbox.underWay();
        const estimate = await chain.estimate(call);
        if (estimate.kind === 'gas') return ok(estimate.gas);
        if (before === undefined) return refuse('LEDGER_CALL_REVERTED', estimate.reason);
        if (!(await this.#bounded(before))) return refuse('LEDGER_UNREACHABLE', { waited: this.#modules.answerMs });
      }
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

const unreachable = (error: unknown) => {
  if (error instanceof RpcUnreachable) return refuse('LEDGER_UNREACHABLE', {});
  if (error instanceof RpcError) return refuse('LEDGER_UNREACHABLE', { reason: error.message.slice(0, 200) });
  throw error;
};
