import type { Address } from '../../domain/ids.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ledger } from '../../ports/ledger.ts';
import type { Log } from '../../ports/log.ts';
import { Mirror } from './mirror/mirror.ts';
import { chainReader, type FinalTag } from './rpc/chain-reader.ts';
import { rpcClient } from './rpc/rpc-client.ts';

export type LedgerViewOptions = {
  readonly url: string;
  readonly chainId: number;
  readonly directory: Address;
  readonly finalTag?: FinalTag;
  readonly requestTimeoutMs?: number;
};
export type LedgerView = {
  /** Knows only blocks in which something changed, and the head: its `at` answers for those. */
  readonly ledger: Ledger;
  /** The state at any final block up to the head; undefined past it. One call to the node where the block changed nothing. Throws LEDGER_UNREACHABLE. */
  viewAt(block: number): Promise<RegistryView | undefined>;
  close(): Promise<void>;
};

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The registries read from the chain into memory, for subjects and auditors who trust no gateway. Rejects with LEDGER_MISMATCH or LEDGER_UNREACHABLE. */
export const openLedgerView = async (options: LedgerViewOptions, clock: Clock): Promise<LedgerView> => {
  const { url, chainId, directory, finalTag = 'latest', requestTimeoutMs = 15_000 } = options;
  const reader = chainReader(rpcClient(url, requestTimeoutMs), finalTag);
  const mirror = new Mirror(
    { chainId, directory, pollMs: 500, blocksKept: 'changed' },
    { reader, store: undefined, clock, log: silent, onFatal: () => undefined },
  );
  await mirror.open();
  return { ledger: mirror, viewAt: (block) => mirror.fetchAt(block), close: () => mirror.close() };
};
