import type { Common } from '@ethereumjs/common';
import { EVM, type EVMMockBlockchainInterface, RustBN254 } from '@ethereumjs/evm';
import { MerklePatriciaTrie } from '@ethereumjs/mpt';
import { Caches, CacheType, MerkleStateManager } from '@ethereumjs/statemanager';
import { ValueEncoding } from '@ethereumjs/util';
import { createVM, type VM } from '@ethereumjs/vm';
import type { PairingLibrary } from './crypto.ts';
import { keepJumpAnalyses } from './jump-analysis.ts';
import { NodeOverlay, type StateNodes } from './state-nodes.ts';

export interface Machine {
  readonly vm: VM;
  readonly state: MerkleStateManager;
  readonly overlay: NodeOverlay;
}

export interface MachineParts {
  readonly common: Common;
  readonly pairing: PairingLibrary;
  readonly nodes: StateNodes;
  /** For the BLOCKHASH opcode. */
  readonly hashOfBlock: (number: number) => Uint8Array;
}

/** An EVM with a state of its own over the shared nodes. What it writes stays in its overlay. */
export async function createMachine(parts: MachineParts): Promise<Machine> {
  const { common } = parts;
  const overlay = new NodeOverlay(parts.nodes);
  const trie = new MerklePatriciaTrie({ db: overlay, useKeyHashing: true, valueEncoding: ValueEncoding.Bytes, common });
  // Not the LRU kind: it may drop an entry that is not yet written to the trie. This kind has no bound, but size 0 would mean no cache at all.
  const kind = { type: CacheType.ORDERED_MAP, size: 1 };
  const state = new MerkleStateManager({ common, trie, caches: new Caches({ account: kind, storage: kind, code: kind }) });
  const blockchain = blockHashes(parts.hashOfBlock);
  // The constructor, since createEVM always puts its own pairing in.
  await keepJumpAnalyses(common);
  const evm = new EVM({ common, stateManager: state, blockchain, bn254: new RustBN254(parts.pairing) });
  return { vm: await createVM({ common, stateManager: state, blockchain, evm }), state, overlay };
}

function blockHashes(hashOfBlock: (number: number) => Uint8Array): EVMMockBlockchainInterface {
  const blockchain: EVMMockBlockchainInterface = {
    getBlock: async (number) => {
      const hash = hashOfBlock(number);
      return { hash: () => hash };
    },
    putBlock: async () => {},
    shallowCopy: () => blockchain,
  };
  return blockchain;
}
