import { JsonRpcProvider } from 'ethers';
import { NodeError } from '../errors.ts';

/** How often a receipt is asked for: well below the time of a block. */
const pollingInterval = 200;

/** A provider of the chain at `endpoint`, once it has answered with the expected chain id. Errors: NODE_ENGINE_UNREACHABLE, NODE_DATA_OTHER_CHAIN. */
export async function connectChain(endpoint: string, chainId: number): Promise<JsonRpcProvider> {
  const chain = new JsonRpcProvider(endpoint, chainId, { staticNetwork: true, cacheTimeout: -1, batchStallTime: 0, pollingInterval });
  try {
    const found = Number(await chain.send('eth_chainId', []));
    if (found !== chainId) throw new NodeError('NODE_DATA_OTHER_CHAIN', { found, expected: chainId });
    return chain;
  } catch (error) {
    chain.destroy();
    throw error instanceof NodeError ? error : new NodeError('NODE_ENGINE_UNREACHABLE', { endpoint }, { cause: error });
  }
}
