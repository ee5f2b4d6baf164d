import type { Hex } from '../../../domain/ids.ts';
import type { EncodedCall } from './encode-call.ts';
import type { Receipt } from './receipt.ts';

/**
 * What became of a transaction. `refused`: the node never took it. `dropped`: it was signed before a restart and never reached the chain, nor will it, since
 * its nonce goes to another. After both, nothing was or will be changed by it.
 */
export type Settlement =
  | { readonly kind: 'receipt'; readonly receipt: Receipt }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'dropped' };

export type SignedEntry = OutboxEntry & { signed: Signed };
export type Signed = { readonly nonce: number; readonly raw: Hex; readonly hash: Hex };

/** A call on its way. */
export class OutboxEntry {
  readonly call: EncodedCall;
  readonly gas: bigint;
  /** Signed before this process began: only its fate is looked for, it is never sent again. */
  readonly restored: boolean;
  readonly settlement: Promise<Settlement>;
  readonly settle: (settlement: Settlement) => void;
  /** Somebody still waits for the outcome. */
  awaited: boolean;
  signed: Signed | undefined;
  /** The node took the transaction in. */
  sent: boolean;
  /** How often in a row the node refused it, and why it did last. */
  refusals = 0;
  lastRefusal = '';
  /** Looks at the chain that found its nonce used by another, or, when restored, found no trace of it. One look may fall between two blocks. */
  misses = 0;

  constructor(call: EncodedCall, gas: bigint, restored?: Signed) {
    const { promise, resolve } = Promise.withResolvers<Settlement>();
    this.call = call;
    this.gas = gas;
    this.restored = restored !== undefined;
    this.settlement = promise;
    this.settle = resolve;
    this.awaited = restored === undefined;
    this.signed = restored;
    this.sent = restored !== undefined;
  }

  /** To be signed anew, with another nonce. */
  reset(): void {
    this.signed = undefined;
    this.sent = false;
    this.refusals = 0;
    this.misses = 0;
  }
}
