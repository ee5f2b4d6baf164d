import { openLedger } from '../../gateway/adapters/ledger/open-ledger.ts';
import { readCsv } from '../../gateway/adapters/records/read-csv.ts';
import { RecordsStore } from '../../gateway/adapters/records/store.ts';
import type { Address, MemberId } from '../../gateway/domain/ids.ts';
import { pseudonym } from '../../gateway/domain/pseudonym.ts';
import type { Modules } from '../../gateway/flows/modules.ts';
import type { Keys } from '../../gateway/ports/keys.ts';
import type { Namespace } from '../../gateway/ports/namespace.ts';
import { type AdministeredChain, startAdministeredChain } from './administered-chain.ts';
import { levelStore } from './level-store.ts';
import { testAccount } from './member-documents.ts';
import { memoryNamespace } from './memory-namespace.ts';
import { seededRandomness } from './seeded-randomness.ts';
import { walletKeys } from './wallet-keys.ts';

const quiet = { info: () => {}, warn: () => {}, error: () => {} };

export type PublishingProvider = {
  readonly chain: AdministeredChain;
  /** The parts that declaring and importing use: a real ledger, mirror and store; the rest is absent. */
  readonly modules: Modules;
  /** The records namespace, for reading what is there to the last row. */
  readonly namespace: Namespace;
  /** A store opened anew on the same rows, as after a crash; `wrap` can make its writes fail. */
  reopened(wrap?: (namespace: Namespace) => Namespace): Promise<{ readonly store: RecordsStore; readonly modules: Modules }>;
  close(): Promise<void>;
};

/** A member that publishes datasets, on a real chain and a real store. Times are the machine's: the mirror judges the age of blocks by them. */
export const startPublishingProvider = async (member = 'gov-credit', keptVersions = 3): Promise<PublishingProvider> => {
  const chain = await startAdministeredChain();
  const store = await levelStore({ member: member as MemberId, log: 0 });
  const secret = new Uint8Array(32).fill(7);
  const keys: Keys = { ...walletKeys(testAccount(member), member), subjectKey: (subject) => pseudonym(subject, secret) };
  const clock = { now: () => Date.now() };
  const { ledger, writer, ...open } = await openLedger(
    { url: chain.endpoint, chainId: chain.chainId, directory: chain.contracts.directory as Address, pollMs: 20 },
    {
      mirror: memoryNamespace(),
      outbox: memoryNamespace(),
      keys,
      clock,
      log: quiet,
      onFatal: (error) => {
        throw error;
      },
    },
  );
  await ledger.freshen();
  const namespace = store.namespace('records');
  const randomness = seededRandomness('imports');
  const modulesWith = (records: RecordsStore) =>
    ({
      member: keys.member,
      ledger,
      writer,
      documents: store.documents,
      records,
      recordsWriter: records,
      csv: readCsv,
      keys,
      clock,
      randomness,
      log: quiet,
    }) as unknown as Modules;
  const reopened: PublishingProvider['reopened'] = async (wrap = (plain) => plain) => {
    const records = await RecordsStore.open(wrap(namespace), { keptVersions });
    return { store: records, modules: modulesWith(records) };
  };
  const { modules } = await reopened();
  return {
    chain,
    modules,
    namespace,
    reopened,
    close: async () => {
      await open.close();
      await store.close();
      await chain.remove();
    },
  };
};

export const fileOf = async function* (...chunks: readonly (string | Uint8Array)[]): AsyncIterable<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
};
