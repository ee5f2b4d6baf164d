import type { Address } from '../../domain/ids.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ledger } from '../../ports/ledger.ts';
import type { Log } from '../../ports/log.ts';
import { checkMirrorAtHead, type MirrorCheck } from './check/check-mirror.ts';
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
export type LedgerView = Ledger & {
  /** The state at any final block up to the head; undefined past it. `at` knows only blocks in which something changed. Throws LEDGER_UNREACHABLE. */
  viewAt(block: number): Promise<RegistryView | undefined>;
  /** The mirror against the contracts' own views at the head. Throws LEDGER_UNREACHABLE. */
  check(): Promise<MirrorCheck>;
  close(): Promise<void>;
};

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
// Only bounds how often a fresh block is asked for; what is decided takes its time from the caller.
const monotonic: Clock = { now: () => performance.now() };

/** The registries read from the chain into memory, for subjects and auditors who trust no gateway. Rejects with LEDGER_MISMATCH or LEDGER_UNREACHABLE. */
export const openLedgerView = async (options: LedgerViewOptions): Promise<LedgerView> => {
  const { url, chainId, directory, finalTag = 'latest', requestTimeoutMs = 15_000 } = options;
  const rpc = rpcClient(url, requestTimeoutMs);
  const mirror = new Mirror(
    { chainId, directory, pollMs: 250, blocksKept: 'changed' },
    { reader: chainReader(rpc, finalTag), store: undefined, clock: monotonic, log: silent, onFatal: () => undefined },
  );
  await mirror.open();
  return Object.assign(mirror, { check: () => checkMirrorAtHead(rpc, mirror) });
};
