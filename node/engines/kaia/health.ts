import type { EngineHealth } from '../engine.ts';
import { callRpc } from '../json-rpc.ts';

/** A round waits 10 s for a proposer that is down, and as many proposers may be down in a row as the network tolerates: longer than that, and no blocks come. */
const stuckAfter = 45;

interface Block {
  readonly number: string;
  readonly hash: string;
  readonly timestamp: string;
}

/** How one validator's node stands. `ok`: it answers, and blocks still come. Errors: NODE_ENGINE_UNREACHABLE. */
export async function kaiaHealth(endpoint: string, now: number): Promise<EngineHealth> {
  const [block, pool] = await Promise.all([
    callRpc<Block>(endpoint, 'eth_getBlockByNumber', ['latest', false]),
    callRpc<{ pending: string; queued: string }>(endpoint, 'txpool_status', []),
  ]);
  const headAge = Math.max(0, Math.floor(now / 1000) - Number(block.timestamp));
  return {
    ok: headAge <= stuckAfter,
    height: Number(block.number),
    headHash: block.hash,
    headAge,
    pending: Number(pool.pending) + Number(pool.queued),
  };
}

/** Validators that this node is connected to. Errors: NODE_ENGINE_UNREACHABLE. */
export async function kaiaPeers(endpoint: string): Promise<number> {
  return Number(await callRpc<string>(endpoint, 'net_peerCount', []));
}
