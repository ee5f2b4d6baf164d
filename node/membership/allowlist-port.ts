import type { Allowlist } from './allowlist.ts';

/** The allowlists of one node, as its keeper reads and sets them. Held by every engine that has allowlists. */
export interface AllowlistPort {
  /** Whether the node's files are exactly what `store` would make of this list. */
  holds(wanted: Allowlist): boolean;
  /** What the node's files allow; where there is none or it can't be read, nothing. */
  stored(): Allowlist;
  /** Replaces the node's files; durable on return. Killed in the middle, the node still starts, and the next call ends the work. Errors: NODE_ALLOWLIST_UNWRITABLE. */
  store(wanted: Allowlist): void;
  /** What the running node allows; undefined if it does not answer. Errors: NODE_ALLOWLIST_REFUSED. */
  running(): Promise<Allowlist | undefined>;
  /** Has the running node take over what is stored, and drop the connections that are no longer allowed. Errors: NODE_ALLOWLIST_REFUSED, NODE_ENGINE_UNREACHABLE. */
  reload(): Promise<void>;
}
