import type { EmbeddedLedger } from '../embedded-ledger.ts';

/** One JSON-RPC method. `params` is what the client sent, unchecked. The answer is JSON; an RpcError thrown becomes the error answer. */
export type RpcMethod = (ledger: EmbeddedLedger, params: readonly unknown[]) => unknown;
export type RpcMethods = Readonly<Record<string, RpcMethod>>;
