import { bytesToHex, createAddressFromString } from '@ethereumjs/util';
import type { Clock } from '../../clock.ts';
import type { NodeError } from '../../errors.ts';
import { blockOps, Chain } from './chain.ts';
import { loadLedgerCrypto } from './crypto.ts';
import { Executor } from './executor.ts';
import { type Genesis, genesisBlock } from './genesis.ts';
import { ledgerCommon } from './ledger-common.ts';
import { createMachine } from './machine.ts';
import { defaultLimits, Producer, type ProducerLimits } from './producer.ts';
import { StateReader } from './reader.ts';
import { StateNodes } from './state-nodes.ts';
import { LedgerStore } from './store.ts';

export interface EmbeddedLedgerOptions {
  /** Folder of the database. */
  readonly location: string;
  readonly genesis: Genesis;
  readonly clock: Clock;
  readonly limits?: Partial<ProducerLimits>;
  /** Called once when a block could not be written: the process is to stop. */
  readonly onFailure: (error: NodeError) => void;
}

export interface EmbeddedLedger {
  readonly genesis: Genesis;
  readonly clock: Clock;
  readonly store: LedgerStore;
  readonly chain: Chain;
  readonly reader: StateReader;
  readonly producer: Producer;
  close(): Promise<void>;
}

/** Makes the ledger's database with block 0 in it and closes it again. Returns the genesis hash. Errors: NODE_DATA_EXISTS, NODE_DATA_LOCKED. */
export async function createEmbeddedLedger(location: string, genesis: Genesis): Promise<string> {
  const common = ledgerCommon(genesis.chainId, (await loadLedgerCrypto()).common);
  const block = genesisBlock(genesis, common);
  const genesisHash = bytesToHex(block.hash());
  const store = await LedgerStore.create(location, { chainId: genesis.chainId, genesisHash }, blockOps(block, [], new Map()));
  await store.close();
  return genesisHash;
}

/** Opens the ledger at its last durable block. The errors are those of LedgerStore.open. */
export async function openEmbeddedLedger(options: EmbeddedLedgerOptions): Promise<EmbeddedLedger> {
  const { location, genesis, clock } = options;
  const crypto = await loadLedgerCrypto();
  const common = ledgerCommon(genesis.chainId, crypto.common);
  const identity = { chainId: genesis.chainId, genesisHash: bytesToHex(genesisBlock(genesis, common).hash()) };
  const store = await LedgerStore.open(location, identity);
  const chain = new Chain(store, common);
  const hashOfBlock = (number: number) => chain.blockAt(BigInt(number)).hash();
  const parts = { common, pairing: crypto.pairing, nodes: new StateNodes(store), hashOfBlock };
  const reader = new StateReader(parts);
  const producer = new Producer({
    chain,
    executor: new Executor(await createMachine(parts)),
    clock,
    limits: { ...defaultLimits, ...options.limits },
    nonceAtHead: async (sender) => (await reader.account(chain.head, createAddressFromString(sender))).nonce,
    onFailure: options.onFailure,
  });
  return {
    genesis,
    clock,
    store,
    chain,
    reader,
    producer,
    close: async () => {
      await producer.close();
      await store.close();
    },
  };
}
