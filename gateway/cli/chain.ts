import { openLedgerView } from '../adapters/ledger/open-ledger-view.ts';
import type { Address } from '../domain/ids.ts';
import type { RegistryView } from '../domain/registry-view.ts';
import type { Ledger } from '../ports/ledger.ts';
import { CliFailure, exitStatus } from './failure.ts';
import type { NetworkFile } from './network-file.ts';

/** The registries read from the chain by this process itself: it trusts no gateway for them. */
export type Chain = Pick<Ledger, 'chainId' | 'address' | 'head' | 'freshen' | 'onBlock'> & {
  viewAt(block: number): Promise<RegistryView | undefined>;
  close(): Promise<void>;
};

/** Follows the chain to its newest final block, runs, and lets go of it. Ends the command with status 3 when the node does not answer. */
export const withChain = async <T>(network: NetworkFile, run: (chain: Chain) => Promise<T>): Promise<T> => {
  let chain: Chain;
  try {
    chain = await openLedgerView({ url: network.ledger, chainId: network.chainId, directory: network.directory as Address });
  } catch (cause) {
    const { code } = cause as { code?: string };
    throw new CliFailure(
      exitStatus.unreachable,
      code ?? 'LEDGER_UNREACHABLE',
      `the chain cannot be read at ${network.ledger}: ${(cause as Error).message}`,
    );
  }
  try {
    return await run(chain);
  } finally {
    await chain.close();
  }
};

/** The view once it satisfies `wanted`, or undefined after `ms`. */
export const awaitView = async (chain: Chain, ms: number, wanted: (view: RegistryView) => boolean): Promise<RegistryView | undefined> => {
  if (wanted(chain.head())) return chain.head();
  return await new Promise((resolve) => {
    const finish = (view: RegistryView | undefined): void => {
      clearTimeout(timer);
      stop();
      resolve(view);
    };
    const timer = setTimeout(() => finish(undefined), ms);
    const stop = chain.onBlock((view) => {
      if (wanted(view)) finish(view);
    });
    void chain.freshen().then(() => {
      if (wanted(chain.head())) finish(chain.head());
    });
  });
};
