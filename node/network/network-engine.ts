import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { EngineHealth, FinalityRule } from '../engines/engine.ts';
import type { NodeError } from '../errors.ts';
import type { AllowlistPort } from '../membership/allowlist-port.ts';

export type PrepareStep = 'validators' | 'genesis' | 'ledger';

/** A node that answers JSON-RPC for the ledger. */
export interface LedgerNode {
  /** Whose it is; undefined where one process serves everybody. */
  readonly member: string | undefined;
  readonly endpoint: string;
}

export interface NodeState extends EngineHealth {
  /** Other validators it is connected to; undefined where there are none to be. */
  readonly peers: number | undefined;
}

export interface BuildHooks {
  /** What is under way, in words. */
  readonly onProgress: (text: string) => void;
  /** Ends the build when aborted. */
  readonly signal?: AbortSignal | undefined;
}

export interface RunHooks extends BuildHooks {
  readonly clock: Clock;
  readonly log: Logger;
}

export interface RunningLedger {
  readonly nodes: readonly LedgerNode[];
  /** Resolves, if ever, once the ledger can't go on; whoever runs it then stops it. */
  readonly failed: Promise<NodeError>;
  stop(): Promise<void>;
}

/** What the rest of node/ asks of the engine that a network's manifest names, and never which one it is. */
export interface NetworkEngine {
  readonly finality: FinalityRule;
  /** Every node of the network; at least one. */
  readonly nodes: readonly LedgerNode[];
  /** Builds the programs that `run` needs, where it needs any: minutes at first, nothing later; `run` does it too. Errors: NODE_GO_MISSING, NODE_ENGINE_BUILD_FAILED. */
  readonly build: ((hooks: BuildHooks) => Promise<void>) | undefined;
  /** Makes what the ledger starts from; interrupted, it is called again and goes on. Errors: NODE_DATA_*. */
  prepare(clock: Clock, onStep: (step: PrepareStep) => void): Promise<void>;
  /** Runs every node of this folder until it is stopped. Errors: NODE_DATA_*, NODE_PORT_IN_USE, NODE_ENGINE_* (NODE_ENGINE_ELSEWHERE: never here), NODE_GO_MISSING. */
  run(hooks: RunHooks): Promise<RunningLedger>;
  /** Errors: NODE_ENGINE_UNREACHABLE. */
  state(node: LedgerNode, clock: Clock): Promise<NodeState>;
  /** Bytes on disk of all nodes here. */
  diskBytes(): number;
  /** What comes after `init`, where it is not `up`. */
  readonly next?: string;
  /** The allowlists of a node whose data directory is `nodeFolder`, where nodes have some. */
  readonly allowlist?: (node: LedgerNode, nodeFolder: string) => AllowlistPort;
}
