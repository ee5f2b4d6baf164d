import type { JsonRpcProvider } from 'ethers';

/** Makes block time catch up where blocks come only with transactions; other engines don't know the call and need none. */
export async function freshBlock(chain: JsonRpcProvider): Promise<void> {
  // JSON-RPC 2.0, section 5.1: an unknown method is an error, and here a good answer.
  await chain.send('xinshu_freshBlock', []).catch(() => undefined);
}
