export type EngineKind = 'embedded' | 'kaia' | 'besu';

/**
 * Which block an engine will never take back. A reader asks the JSON-RPC endpoint for the block named by `tag` and may decide on it.
 * - `durable`: one writer; a block is answered only once it is on disk (embedded).
 * - `immediate`: Byzantine fault tolerant; a block that is seen is final (kaia, besu).
 */
export interface FinalityRule {
  readonly kind: 'durable' | 'immediate';
  readonly tag: 'latest' | 'finalized';
}

export interface EngineHealth {
  /** The engine answers and can still write. */
  readonly ok: boolean;
  readonly height: number;
  readonly headHash: string;
  /** Seconds since the time of the last final block, by the node's clock. */
  readonly headAge: number;
  /** Transactions taken in and not yet in a block. */
  readonly pending: number;
}

/**
 * What runs the ledger. An engine gives an EVM of at least Paris behind JSON-RPC, takes transactions at gas price zero, and has a rule for what is final.
 *
 * Duties of every implementation, held by test/node/engines/conformance.ts:
 * - What is final stays final: through stop, SIGKILL at any moment, and a start again on the same folder.
 * - `eth_sendRawTransaction` refuses with an error or takes the transaction in; nothing waits for ever.
 * - State, receipts and logs of every block stay readable.
 * - Block time never goes back, and moves on an idle chain too (embedded: when a reader asks by `xinshu_freshBlock`).
 */
export interface Engine {
  readonly kind: EngineKind;
  readonly finality: FinalityRule;
  /** Resolves once `endpoint` answers. Rejects with a NodeError whose code names the cause, and then leaves nothing running. Not to be called twice. */
  start(): Promise<void>;
  /** Stops cleanly: what was answered is kept, the endpoint is closed and the folder is free when this resolves. Calling it again does nothing. */
  stop(): Promise<void>;
  /** The JSON-RPC URL, valid between `start` and `stop`. */
  endpoint(): string;
  /** Rejects with NODE_ENGINE_UNREACHABLE if nothing answers; never hangs longer than a few seconds. */
  health(): Promise<EngineHealth>;
}
