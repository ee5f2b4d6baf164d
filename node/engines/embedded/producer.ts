import { createTxFromRLP, type TypedTransaction } from '@ethereumjs/tx';
import { bytesToHex } from '@ethereumjs/util';
import type { Clock } from '../../clock.ts';
import { NodeError } from '../../errors.ts';
import type { Chain } from './chain.ts';
import type { BuiltBlock, Executor } from './executor.ts';
import { TransactionPool, type WaitingTransaction } from './pool.ts';
import { TransactionRefused } from './refusals.ts';

export interface ProducerLimits {
  /** Milliseconds from the first waiting transaction to its block, so that what arrives together shares one write to disk. */
  readonly groupMs: number;
  readonly blockTransactions: number;
  readonly poolTransactions: number;
  /** Milliseconds that a transaction waits for the nonces before it. */
  readonly gapMs: number;
}

export const defaultLimits: ProducerLimits = { groupMs: 2, blockTransactions: 500, poolTransactions: 5_000, gapMs: 10_000 };

export interface ProducerParts {
  readonly chain: Chain;
  readonly executor: Executor;
  readonly clock: Clock;
  readonly limits: ProducerLimits;
  /** The sender's nonce in the state of the head. */
  readonly nonceAtHead: (sender: string) => Promise<bigint>;
  /** Called once, when a block could not be made or written. Everyone waiting has then been told. */
  readonly onFailure: (error: NodeError) => void;
}

/** The one writer: takes transactions in, makes blocks of them, and answers for each only once its block is durable. */
export class Producer {
  readonly #parts: ProducerParts;
  readonly #pool: TransactionPool;
  /** Nonces at the head of all senders in the pool. */
  readonly #nonces = new Map<string, bigint>();
  readonly #freshWaiters: { resolve: () => void; reject: (error: Error) => void }[] = [];
  #arriving = 0;
  #run: Promise<void> | undefined;
  #scheduled = false;
  #wanted = false;
  #sweeping = false;
  #closed: TransactionRefused | undefined;

  constructor(parts: ProducerParts) {
    this.#parts = parts;
    this.#pool = new TransactionPool(parts.limits.poolTransactions);
  }

  get pending(): number {
    return this.#pool.size;
  }

  get writable(): boolean {
    return this.#closed === undefined;
  }

  waiting(hash: string): TypedTransaction | undefined {
    return this.#pool.find(hash)?.tx;
  }

  /** The sender's next nonce, counting the transactions that wait. */
  async pendingNonce(sender: string): Promise<bigint> {
    return this.#pool.nextNonce(sender, await this.#parts.nonceAtHead(sender));
  }

  /**
   * Takes one signed transaction in; resolves with its hash once its block is on disk, also if the transaction reverted in it.
   * The same transaction sent again answers the same. Rejects with TransactionRefused.
   */
  async submit(raw: Uint8Array): Promise<string> {
    const { tx, sender, hash } = this.#read(raw);
    const place = this.#parts.chain.placeOf(tx.hash());
    if (place !== undefined) return hash;
    // Counted, so that a block made meanwhile does not forget the nonce that is being learnt.
    this.#arriving += 1;
    let outcome: Promise<void>;
    try {
      const nonce = await this.#nonceOf(sender);
      if (this.#closed !== undefined) throw this.#closed;
      if (this.#parts.chain.placeOf(tx.hash()) !== undefined) return hash;
      if (tx.nonce < nonce) throw new TransactionRefused(`nonce too low: next nonce ${nonce}, tx nonce ${tx.nonce}`);
      outcome = new Promise((resolve, reject) => {
        this.#admit(tx, sender, hash, (refusal) => (refusal === undefined ? resolve() : reject(refusal)));
      });
    } finally {
      this.#arriving -= 1;
    }
    await outcome;
    return hash;
  }

  /** Makes a block without transactions unless the head is of this second already; resolves once the head is as fresh as that. */
  async fresh(): Promise<void> {
    if (this.#closed !== undefined) throw this.#closed;
    if (this.#second() <= Number(this.#parts.chain.head.header.timestamp)) return;
    await new Promise<void>((resolve, reject) => {
      this.#freshWaiters.push({ resolve, reject });
      this.#schedule();
    });
  }

  /** Takes nothing more in, finishes the block under way, and refuses what still waits. */
  async close(): Promise<void> {
    this.#closed ??= new TransactionRefused('the ledger is stopping', -32005);
    await this.#run;
    this.#refuseAll(this.#closed);
  }

  #read(raw: Uint8Array): { tx: TypedTransaction; sender: string; hash: string } {
    const head = this.#parts.chain.head;
    let tx: TypedTransaction;
    let sender: string;
    try {
      tx = createTxFromRLP(raw, { common: head.common, freeze: false });
      sender = senderOf(tx);
    } catch (error) {
      throw new TransactionRefused(`invalid transaction: ${(error as Error).message}`);
    }
    if (tx.type === 0 && !tx.supports(155)) throw new TransactionRefused('only replay-protected (EIP-155) transactions allowed');
    if (tx.gasLimit > head.header.gasLimit)
      throw new TransactionRefused(`exceeds block gas limit: ${tx.gasLimit} > ${head.header.gasLimit}`);
    if (tx.gasLimit < tx.getIntrinsicGas())
      throw new TransactionRefused(`intrinsic gas too low: have ${tx.gasLimit}, want ${tx.getIntrinsicGas()}`);
    return { tx, sender, hash: bytesToHex(tx.hash()) };
  }

  async #nonceOf(sender: string): Promise<bigint> {
    for (;;) {
      const known = this.#nonces.get(sender);
      if (known !== undefined) return known;
      const head = this.#parts.chain.head;
      const nonce = await this.#parts.nonceAtHead(sender);
      if (head === this.#parts.chain.head && !this.#nonces.has(sender)) this.#nonces.set(sender, nonce);
    }
  }

  #admit(tx: TypedTransaction, sender: string, hash: string, settle: (refusal?: TransactionRefused) => void): void {
    const same = this.#pool.find(hash);
    if (same !== undefined) {
      this.#pool.remove(same);
      this.#pool.add({
        ...same,
        settle: (refusal) => {
          same.settle(refusal);
          settle(refusal);
        },
      });
      return;
    }
    this.#pool.add({ tx, sender, hash, deadline: this.#parts.clock.now() + this.#parts.limits.gapMs, settle });
    this.#schedule();
    this.#sweepLater();
  }

  #schedule(): void {
    this.#wanted = true;
    if (this.#scheduled || this.#run !== undefined || this.#closed !== undefined) return;
    this.#scheduled = true;
    this.#parts.clock.after(this.#parts.limits.groupMs, () => {
      this.#scheduled = false;
      this.#run ??= this.#produce().finally(() => {
        this.#run = undefined;
        // Something may have come in after the last look and before this line.
        if (this.#wanted) this.#schedule();
      });
    });
  }

  async #produce(): Promise<void> {
    while (this.#closed === undefined) {
      this.#wanted = false;
      const fresh = this.#freshWaiters.splice(0);
      const taken = this.#take();
      if (taken.length === 0 && fresh.length === 0) return;
      try {
        const built = await this.#makeBlock(taken);
        this.#answer(taken, built);
        for (const waiter of fresh) waiter.resolve();
      } catch (error) {
        this.#fail(error, taken, fresh);
      }
    }
  }

  #take(): WaitingTransaction[] {
    const { chain, limits } = this.#parts;
    return this.#pool.take((sender) => this.#nonces.get(sender) as bigint, limits.blockTransactions, chain.head.header.gasLimit);
  }

  async #makeBlock(taken: readonly WaitingTransaction[]): Promise<BuiltBlock> {
    const { chain, executor } = this.#parts;
    // Never before the parent, also if the machine's clock went back.
    const timestamp = Math.max(this.#second(), Number(chain.head.header.timestamp));
    const built = await executor.build(
      chain.head,
      taken.map(({ tx }) => tx),
      timestamp,
    );
    await chain.append(built.block, built.receipts, built.stateNodes);
    return built;
  }

  #answer(taken: readonly WaitingTransaction[], { refused }: BuiltBlock): void {
    taken.forEach(({ sender, tx }, position) => {
      if (!refused.has(position)) this.#nonces.set(sender, tx.nonce + 1n);
    });
    taken.forEach(({ settle }, position) => {
      const error = refused.get(position);
      settle(error === undefined ? undefined : new TransactionRefused(error.message));
    });
    if (this.#pool.size === 0 && this.#arriving === 0) this.#nonces.clear();
  }

  #fail(error: unknown, taken: readonly WaitingTransaction[], fresh: readonly { reject: (error: Error) => void }[]): void {
    const { executor, onFailure } = this.#parts;
    executor.forget();
    this.#closed = new TransactionRefused('the block could not be written; the ledger stops', -32603);
    for (const { settle } of taken) settle(this.#closed);
    for (const waiter of fresh) waiter.reject(this.#closed);
    this.#refuseAll(this.#closed);
    onFailure(error instanceof NodeError ? error : new NodeError('NODE_WRITE_FAILED', {}, { cause: error }));
  }

  #refuseAll(refusal: TransactionRefused): void {
    for (const { settle } of this.#pool.takeAll()) settle(refusal);
    for (const waiter of this.#freshWaiters.splice(0)) waiter.reject(refusal);
  }

  #sweepLater(): void {
    if (this.#sweeping) return;
    this.#sweeping = true;
    this.#parts.clock.after(Math.max(1, this.#parts.limits.gapMs / 4), () => {
      this.#sweeping = false;
      for (const { settle, sender, tx } of this.#pool.takeExpired((of) => this.#nonces.get(of) as bigint, this.#parts.clock.now())) {
        const next = this.#pool.nextNonce(sender, this.#nonces.get(sender) as bigint);
        settle(
          new TransactionRefused(`nonce too high: next nonce ${next}, tx nonce ${tx.nonce}; dropped after waiting for the ones before it`),
        );
      }
      if (this.#pool.size > 0) this.#sweepLater();
    });
  }

  #second(): number {
    return Math.floor(this.#parts.clock.now() / 1000);
  }
}

function senderOf(tx: TypedTransaction): string {
  const sender = tx.getSenderAddress();
  // Recovered once: executing the transaction asks again.
  Object.defineProperty(tx, 'getSenderAddress', { value: () => sender });
  return sender.toString();
}
