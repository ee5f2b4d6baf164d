import type { XinshuError } from '../../domain/errors.ts';
import type { Address } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Keys } from '../../ports/keys.ts';
import type { Ledger, SoleWriter } from '../../ports/ledger.ts';
import type { Log } from '../../ports/log.ts';
import type { Namespace } from '../../ports/namespace.ts';
import { checkMirrorAtHead, type MirrorCheck } from './check/check-mirror.ts';
import { Mirror } from './mirror/mirror.ts';
import { MirrorStore } from './mirror/mirror-store.ts';
import { chainReader, type FinalTag } from './rpc/chain-reader.ts';
import { rpcClient } from './rpc/rpc-client.ts';
import { AccountChain } from './writer/account-chain.ts';
import { AccountWriter } from './writer/account-writer.ts';
import { LostAnswers } from './writer/lost-answers.ts';
import { Outbox } from './writer/outbox.ts';
import { outboxJournal } from './writer/outbox-journal.ts';

export type LedgerOptions = {
  readonly url: string;
  readonly chainId: number;
  readonly directory: Address;
  /** The newest final block of this engine; `latest` where every block is final. */
  readonly finalTag?: FinalTag;
  readonly pollMs?: number;
  readonly requestTimeoutMs?: number;
  /** How long a submitted call waits for its block. */
  readonly answerMs?: number;
  /** Forget what is stored and read the chain from its beginning. */
  readonly rebuild?: boolean;
};
export type LedgerModules = {
  /** Two namespaces of the gateway's store, of nobody else. */
  readonly mirror: Namespace;
  readonly outbox: Namespace;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly log: Log;
  /** The node serves another history: nothing is decided any more, the process should stop. */
  readonly onFatal: (error: XinshuError) => void;
};
export type OpenLedger = {
  readonly ledger: Ledger;
  readonly writer: SoleWriter;
  /** The mirror against the contracts' own views at the head. Throws LEDGER_UNREACHABLE. */
  check(): Promise<MirrorCheck>;
  close(): Promise<void>;
};

/** The gateway's way to the chain. Rejects with LEDGER_MISMATCH, and with LEDGER_UNREACHABLE at a first start without a node; later a node may be missing. */
export const openLedger = async (options: LedgerOptions, modules: LedgerModules): Promise<OpenLedger> => {
  const { url, chainId, directory, finalTag = 'latest', pollMs = 100, requestTimeoutMs = 15_000, answerMs = 30_000 } = options;
  const { keys, clock, log, onFatal } = modules;
  const rpc = rpcClient(url, requestTimeoutMs);
  const store = new MirrorStore(modules.mirror, chainId, directory);
  if (options.rebuild === true) await store.clear();

  const mirror = new Mirror(
    { chainId, directory, pollMs, blocksKept: 'all' },
    { reader: chainReader(rpc, finalTag), store, clock, log, onFatal },
  );
  await mirror.open();

  const chain = new AccountChain(rpc, keys, chainId);
  const lost = new LostAnswers(clock);
  const outbox = new Outbox({ chain, journal: outboxJournal(modules.outbox), lost, log });
  await outbox.open();
  const stopWaking = mirror.onBlock(() => outbox.wake());
  const writer = new AccountWriter({ ledger: mirror, chain, outbox, lost, answerMs, nameOf: (address) => mirror.contractName(address) });

  return {
    ledger: mirror,
    writer,
    check: () => checkMirrorAtHead(rpc, mirror),
    close: async () => {
      stopWaking();
      await outbox.close();
      await mirror.close();
    },
  };
};
