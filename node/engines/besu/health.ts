import type { EngineHealth } from '../engine.ts';
import { callRpc } from '../json-rpc.ts';

/** The time of a round doubles with each that fails, from 4 s (genesis.ts): after three in a row something is wrong. */
const stuckAfter = 45;

interface Block {
  readonly number: string;
  readonly hash: string;
  readonly timestamp: string;
}

/** How one validator's node stands, and how many nodes it is connected to. `now`: Unix milliseconds. Errors: NODE_ENGINE_UNREACHABLE. */
export async function besuState(endpoint: string, now: number): Promise<EngineHealth & { readonly peers: number }> {
  const [block, pool, peers] = await Promise.all([
    callRpc<Block>(endpoint, 'eth_getBlockByNumber', ['latest', false]),
    callRpc<{ readonly localCount: number; readonly remoteCount: number }>(endpoint, 'txpool_besuStatistics', []),
    callRpc<string>(endpoint, 'net_peerCount', []),
  ]);
  const headAge = Math.max(0, Math.floor(now / 1000) - Number(block.timestamp));
  return {
    ok: headAge <= stuckAfter,
    height: Number(block.number),
    headHash: block.hash,
    headAge,
    pending: pool.localCount + pool.remoteCount,
    peers: Number(peers),
  };
}
