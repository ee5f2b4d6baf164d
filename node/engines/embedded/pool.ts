import type { TypedTransaction } from '@ethereumjs/tx';
import { TransactionRefused } from './refusals.ts';

export interface WaitingTransaction {
  readonly tx: TypedTransaction;
  readonly hash: string;
  readonly sender: string;
  /** Unix milliseconds after which it is dropped if it still can't run. */
  readonly deadline: number;
  readonly settle: (refusal?: TransactionRefused) => void;
}

/** Transactions taken in and not yet in a block, in order of arrival, each sender's in order of nonce. Bounded. */
export class TransactionPool {
  readonly #limit: number;
  readonly #bySender = new Map<string, Map<bigint, WaitingTransaction>>();
  readonly #arrived = new Map<string, WaitingTransaction>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#arrived.size;
  }

  find(hash: string): WaitingTransaction | undefined {
    return this.#arrived.get(hash);
  }

  /** Throws TransactionRefused if the pool is full or the sender's nonce is already waiting. */
  add(waiting: WaitingTransaction): void {
    if (this.#arrived.size >= this.#limit) throw new TransactionRefused('transaction pool is full, try again', -32005);
    const own = this.#bySender.get(waiting.sender) ?? new Map<bigint, WaitingTransaction>();
    if (own.has(waiting.tx.nonce)) throw new TransactionRefused('replacement transaction underpriced: one with this nonce is waiting');
    own.set(waiting.tx.nonce, waiting);
    this.#bySender.set(waiting.sender, own);
    this.#arrived.set(waiting.hash, waiting);
  }

  remove(waiting: WaitingTransaction): void {
    this.#arrived.delete(waiting.hash);
    const own = this.#bySender.get(waiting.sender);
    own?.delete(waiting.tx.nonce);
    if (own?.size === 0) this.#bySender.delete(waiting.sender);
  }

  /** The sender's next free nonce, counting what waits without a gap from `nonce` on. */
  nextNonce(sender: string, nonce: bigint): bigint {
    const own = this.#bySender.get(sender);
    let next = nonce;
    while (own?.has(next)) next += 1n;
    return next;
  }

  /** Takes out what can run now, at most `count` transactions and `gas` of gas limits. `nonceOf` is the sender's nonce in the state. */
  take(nonceOf: (sender: string) => bigint, count: number, gas: bigint): WaitingTransaction[] {
    const taken: WaitingTransaction[] = [];
    const next = new Map<string, bigint>();
    let gasLeft = gas;
    for (const first of this.#arrived.values()) {
      const own = this.#bySender.get(first.sender) as Map<bigint, WaitingTransaction>;
      const nonce = next.get(first.sender) ?? nonceOf(first.sender);
      // One that came before its predecessor runs right after it.
      for (let at = nonce, waiting = own.get(at); waiting !== undefined; at += 1n, waiting = own.get(at)) {
        if (taken.length >= count || waiting.tx.gasLimit > gasLeft) return this.#takenOut(taken);
        gasLeft -= waiting.tx.gasLimit;
        taken.push(waiting);
        next.set(first.sender, at + 1n);
      }
    }
    return this.#takenOut(taken);
  }

  /** Takes out what can't run because of a gap before its nonce and is past its deadline. */
  takeExpired(nonceOf: (sender: string) => bigint, now: number): WaitingTransaction[] {
    const expired = [...this.#arrived.values()].filter(
      ({ deadline, sender, tx }) => deadline <= now && this.nextNonce(sender, nonceOf(sender)) < tx.nonce,
    );
    return this.#takenOut(expired);
  }

  takeAll(): WaitingTransaction[] {
    return this.#takenOut([...this.#arrived.values()]);
  }

  #takenOut(waiting: WaitingTransaction[]): WaitingTransaction[] {
    for (const one of waiting) this.remove(one);
    return waiting;
  }
}
