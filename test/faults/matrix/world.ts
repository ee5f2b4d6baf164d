import { generateKeyMaterial, type KeyMaterial, publicKeys } from '../../../gateway/adapters/keys/key-material.ts';
import { keysOf } from '../../../gateway/adapters/keys/open-keystore.ts';
import { type LedgerOptions, openLedger } from '../../../gateway/adapters/ledger/open-ledger.ts';
import { prometheusMeter } from '../../../gateway/adapters/metrics/prometheus.ts';
import type { OpenDatabase } from '../../../gateway/adapters/store/database.ts';
import { migrations } from '../../../gateway/adapters/store/meta.ts';
import { openGatewayStore } from '../../../gateway/adapters/store/open-store.ts';
import { writerLimits } from '../../../gateway/adapters/store/writer.ts';
import type { Address, Hex, MemberId } from '../../../gateway/domain/ids.ts';
import { Checkpoints } from '../../../gateway/flows/checkpoints.ts';
import { Cosigned } from '../../../gateway/flows/cosigned.ts';
import { KeyedMutex } from '../../../gateway/flows/keyed-mutex.ts';
import type { Keys } from '../../../gateway/ports/keys.ts';
import { addKey } from '../../../gateway/ports/ledger-calls.ts';
import { openSealed } from '../../../gateway/sealing/jwe.ts';
import type { AdministeredChain } from '../../helpers/administered-chain.ts';
import { testAccount } from '../../helpers/member-documents.ts';
import { memoryNamespace } from '../../helpers/memory-namespace.ts';
import { SignedLog } from '../../helpers/signed-log.ts';
import { systemRandomness } from '../../helpers/system-randomness.ts';

/** What someone outside has been told, or could be shown: it holds whatever happens next. */
export type Said =
  | { readonly kind: 'appended'; readonly number: number; readonly index: number; readonly leafHash: Hex }
  | { readonly kind: 'published' | 'anchored'; readonly size: number; readonly root: Hex }
  | { readonly kind: 'cosigned'; readonly size: number }
  /** Text that a note key signed. */
  | { readonly kind: 'signed'; readonly text: string };
export type Say = (said: Said) => void;

export type Place = {
  readonly folder: string;
  /** Number of the log: on one chain each store has another. */
  readonly log: number;
  readonly material: KeyMaterial;
  /** Keys of the member whose log is witnessed. */
  readonly witnessed: KeyMaterial;
  readonly ledger: LedgerOptions;
};
export type World = Awaited<ReturnType<typeof openWorld>>;

const silent = { info: () => {}, warn: () => {}, error: () => {} };
const none = () => 0;
const meter = prometheusMeter({
  anchorLagLeaves: none,
  logSize: none,
  blockNumber: none,
  blockAgeSeconds: none,
  outboxSize: none,
  cosignedLagLeaves: none,
});
const clock = { now: () => Date.now() };

/** Keys of a member of the demo consortium with its account of the test chain, and registered there. */
export const registeredKeys = async (chain: AdministeredChain, member: string): Promise<KeyMaterial> => {
  const account = testAccount(member);
  const material = { ...(await generateKeyMaterial(member, Date.now())), account: account.privateKey as Hex };
  for (const { purpose, suite, data } of publicKeys(material)) {
    const { method, args } = addKey(purpose, suite, data);
    await chain.send(account, 'member-registry', method, args);
  }
  return material;
};

/** The parts of a gateway that write something durable of its log, on a real chain. Its databases are opened by `openDatabase`; the mirror, which is rebuilt from the chain, is not among them. */
export const openWorld = async ({ folder, log, material, witnessed, ledger: options }: Place, openDatabase: OpenDatabase, say: Say) => {
  const member = material.member as MemberId;
  const own = keysOf(material, openSealed);
  const keys: Keys = {
    ...own,
    signNote: async (bytes) => {
      const signature = await own.signNote(bytes);
      say({ kind: 'signed', text: Buffer.from(bytes).toString('utf8') });
      return signature;
    },
  };
  const store = await openGatewayStore(
    { folder, member, log, create: true, randomness: systemRandomness },
    { openDatabase, migrations, limits: writerLimits },
  );
  const { audit, documents } = store;
  const chain = await openLedger(
    { pollMs: 20, ...options },
    { mirror: memoryNamespace(), outbox: store.namespace('ledgerOutbox'), keys, clock, log: silent, onFatal: () => undefined },
  );
  const { ledger, writer } = chain;
  const cosigned = await Cosigned.open(documents, audit.log);
  const checkpoints = await Checkpoints.open({ member, ledger, audit, documents, keys, cosigned, clock, spacingMs: 0 });
  return {
    member,
    keys,
    store,
    audit,
    documents,
    ledger,
    writer,
    checkpoints,
    clock,
    log: silent,
    meter,
    locks: new KeyedMutex(),
    /** A log of the witnessed member, to which its keys sign whatever it likes. */
    signedLog: () =>
      new SignedLog({ keys: keysOf(witnessed, openSealed), chainId: ledger.chainId, anchor: ledger.address('audit-anchor') }),
    close: async () => {
      await chain.close();
      await store.close();
    },
  };
};

export const ledgerOptions = (chain: Pick<AdministeredChain, 'chainId' | 'contracts'>, url: string): LedgerOptions => ({
  url,
  chainId: chain.chainId,
  directory: chain.contracts.directory as Address,
});
