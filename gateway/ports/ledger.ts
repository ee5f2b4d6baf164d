import type { Address, Hex } from '../domain/ids.ts';
import type { RegistryView } from '../domain/registry-view.ts';
import type { Result } from '../domain/result.ts';

/** Reads of the mirror. It follows the chain by itself, block by block, final blocks only. */
export interface Ledger {
  readonly chainId: number;
  /** Where the Directory says this contract stands: what EIP-712 domains name as `verifyingContract`. */
  address(contract: ContractName): Address;
  /** The newest mirrored block, whatever its age: for status and display. */
  head(): RegistryView;
  /** The newest mirrored block, to decide on: refuses with LEDGER_STALE when it is older than `max-block-age` by `now` (ms). */
  decide(now: number): Result<RegistryView>;
  /** The state at an earlier mirrored block; undefined when it has not been seen yet. */
  at(block: number): RegistryView | undefined;
  /** Waits, bounded by `ms`, until the mirror holds this block. False when it did not come. */
  reached(block: number, ms: number): Promise<boolean>;
  /** Asks the node for a fresh block and follows to it: block time moves with blocks only. Bounded in rate; safe to call often. */
  freshen(): Promise<void>;
  /** Called after each newly mirrored block. Returns the way to stop. */
  onBlock(listener: (view: RegistryView) => void): () => void;
}

/** A call to a contract of the Directory, by the names there. Arguments as ethers takes them. */
export type LedgerCall = { readonly contract: ContractName; readonly method: string; readonly args: readonly unknown[] };
export type ContractName =
  | 'member-registry'
  | 'data-catalog'
  | 'grant-registry'
  | 'consent-registry'
  | 'audit-anchor'
  | 'model-registry'
  | 'score-registry'
  | 'score-verifier'
  | 'council'
  | 'emergency-pause'
  | 'directory';
export type LedgerEvent = { readonly contract: ContractName; readonly name: string; readonly args: Readonly<Record<string, unknown>> };
export type Included = { readonly transaction: Hex; readonly block: number; readonly events: readonly LedgerEvent[] };

/** Writes. One member account; calls go out in order and each is answered when its block is final and mirrored here. */
export interface LedgerWriter {
  readonly account: Address;
  /** Refuses with LEDGER_CALL_REVERTED (detail.error = the contract's custom error with its arguments) or LEDGER_UNREACHABLE. Nothing was changed on chain when it refuses with the first. */
  submit(call: LedgerCall): Promise<Result<Included>>;
}

/** What can besides change the account itself. */
export interface SoleWriter extends LedgerWriter {
  /** The same once nothing of this account is under way; what is submitted meanwhile waits, and goes out after `then`, which is called when the call is included. For a change of the account itself. */
  submitAlone(call: LedgerCall, then: () => void): Promise<Result<Included>>;
}
