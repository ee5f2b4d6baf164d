import { openLedgerView } from '../../adapters/ledger/open-ledger-view.ts';
import { isMethodNotFound, type RpcClient, rpcClient } from '../../adapters/ledger/rpc/rpc-client.ts';
import type { GatewayConfig } from '../../config.ts';
import type { Address } from '../../domain/ids.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Say } from './mistakes.ts';

const timeoutMs = 5_000;
/** Gateways take messages that are a minute off. */
const clockSeconds = 60;

/** The registries as the node has them; undefined, and said why, when it is the wrong one or none. */
export const examineChain = async (
  { url, chainId, directory }: GatewayConfig['ledger'],
  clock: Pick<Clock, 'now'>,
  say: Say,
): Promise<RegistryView | undefined> => {
  const rpc = rpcClient(url, timeoutMs);
  const asked = await rpc
    .batch([
      { method: 'eth_chainId', params: [] },
      { method: 'eth_getCode', params: [directory, 'latest'] },
    ])
    .catch(() => undefined);
  const [found, code] = asked ?? [];
  if (found?.ok !== true || code?.ok !== true) {
    say('node-silent', { url });
    return undefined;
  }
  if (Number(found.result) !== chainId) {
    say('chain-other', { url, node: Number(found.result), config: chainId });
    return undefined;
  }
  const off = Math.round(clock.now() / 1000 - (await freshTime(rpc)));
  if (Math.abs(off) > clockSeconds) say('clock-off', { seconds: off });
  if (code.result === '0x') {
    say('genesis-other', { directory });
    return undefined;
  }
  const chain = await openLedgerView({ url, chainId, directory: directory as Address });
  try {
    return chain.head();
  } finally {
    await chain.close();
  }
};

const freshTime = async (rpc: RpcClient): Promise<number> => {
  await rpc.call('xinshu_freshBlock', []).catch((error: unknown) => {
    if (!isMethodNotFound(error)) throw error;
  });
  const block = (await rpc.call('eth_getBlockByNumber', ['latest', false])) as { readonly timestamp: string };
  return Number(block.timestamp);
};
