import { type LedgerOptions, type OpenLedger, openLedger } from '../../gateway/adapters/ledger/open-ledger.ts';
import type { XinshuError } from '../../gateway/domain/errors.ts';
import type { Address } from '../../gateway/domain/ids.ts';
import type { Namespace } from '../../gateway/ports/namespace.ts';
import type { AdministeredChain } from './administered-chain.ts';
import { testAccount } from './member-documents.ts';
import { memoryNamespace } from './memory-namespace.ts';
import { walletKeys } from './wallet-keys.ts';

export interface LedgerStores {
  readonly mirror: Namespace;
  readonly outbox: Namespace;
}
export const memoryLedgerStores = (): LedgerStores => ({ mirror: memoryNamespace(), outbox: memoryNamespace() });

const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** The ledger adapter of a member of the demo manifest on a test chain, followed every 20 ms. `fatal` gathers what onFatal was told. */
export async function openTestLedger(
  chain: AdministeredChain,
  {
    member = 'gov-credit',
    stores = memoryLedgerStores(),
    fatal = [],
    ...options
  }: Partial<LedgerOptions> & { member?: string; stores?: LedgerStores; fatal?: XinshuError[] } = {},
): Promise<OpenLedger> {
  return openLedger(
    { url: chain.endpoint, chainId: chain.chainId, directory: chain.contracts.directory as Address, pollMs: 20, ...options },
    {
      ...stores,
      keys: walletKeys(testAccount(member), member),
      clock: { now: () => Date.now() },
      log: silent,
      onFatal: (error) => fatal.push(error),
    },
  );
}
