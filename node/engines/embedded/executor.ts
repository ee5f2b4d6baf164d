import { type Block, createBlock } from '@ethereumjs/block';
import type { TypedTransaction } from '@ethereumjs/tx';
import { Bloom, encodeReceipt, type RunTxResult, runTx } from '@ethereumjs/vm';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { NodeError } from '../../errors.ts';
import { listRoot } from './list-root.ts';
import type { Machine } from './machine.ts';
import { reachableNodes } from './reachable-nodes.ts';
import type { StoredReceipt } from './receipt.ts';

export interface BuiltBlock {
  readonly block: Block;
  readonly receipts: StoredReceipt[];
  readonly stateNodes: ReadonlyMap<string, Uint8Array>;
  /** By position in the transactions given: why one could not be run at all, and so is in no block. */
  readonly refused: ReadonlyMap<number, Error>;
}

/** Entries in the state caches above which they are emptied between blocks. */
const cacheBound = 50_000;

/** Runs transactions on the state of a parent and makes the block. Nothing it does is durable; the caller writes it or drops it. One call at a time. */
export class Executor {
  readonly #machine: Machine;
  #stateOf: Uint8Array | undefined;
  #touched = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  async build(parent: Block, transactions: readonly TypedTransaction[], timestamp: number): Promise<BuiltBlock> {
    const { vm, state, overlay } = this.#machine;
    await this.#enter(parent);
    const { common } = vm;
    const keccak = common.customCrypto.keccak256 ?? keccak_256;
    const header = {
      parentHash: parent.hash(),
      number: parent.header.number + 1n,
      gasLimit: parent.header.gasLimit,
      timestamp,
      // Stays 0: EIP-1559 would move it with use, and gas is free here.
      baseFeePerGas: 0n,
    };
    const stage = createBlock({ header }, { common });
    const refused = new Map<number, Error>();
    const included: TypedTransaction[] = [];
    const results: RunTxResult[] = [];
    const receipts: StoredReceipt[] = [];
    let gasUsed = 0n;

    await vm.evm.journal.checkpoint();
    for (const [position, tx] of transactions.entries()) {
      try {
        const result = await runTx(vm, { tx, block: stage, blockGasUsed: gasUsed, skipHardForkValidation: true });
        gasUsed += result.totalGasSpent;
        included.push(tx);
        results.push(result);
        receipts.push(receiptOf(tx, result, gasUsed));
      } catch (error) {
        // A ledger that lacks a node is not the transaction's fault.
        if (error instanceof NodeError) throw error;
        refused.set(position, error as Error);
      }
    }
    await vm.evm.journal.commit();

    const stateRoot = await state.getStateRoot();
    const block = createBlock(
      {
        header: {
          ...header,
          gasUsed,
          stateRoot,
          transactionsTrie: listRoot(
            included.map((tx) => tx.serialize()),
            keccak,
          ),
          receiptTrie: listRoot(
            results.map(({ receipt }, index) => encodeReceipt(receipt, (included[index] as TypedTransaction).type)),
            keccak,
          ),
          logsBloom: this.#bloomOf(results),
        },
        transactions: included,
      },
      { common, freeze: false },
    );
    const stateNodes = reachableNodes(stateRoot, overlay.pending);
    this.#stateOf = block.hash();
    this.#touched += overlay.pending.size;
    return { block, receipts, stateNodes, refused };
  }

  /** Forgets what the last block did, for when it was not written. */
  forget(): void {
    this.#stateOf = undefined;
  }

  async #enter(parent: Block): Promise<void> {
    const { state, overlay } = this.#machine;
    overlay.pending.clear();
    const sameState = this.#stateOf !== undefined && Buffer.compare(this.#stateOf, parent.hash()) === 0;
    if (sameState && this.#touched < cacheBound) return;
    state.clearCaches();
    await state.setStateRoot(parent.header.stateRoot, true);
    this.#touched = 0;
  }

  #bloomOf(results: readonly RunTxResult[]): Uint8Array {
    const bloom = new Bloom(undefined, this.#machine.vm.common);
    for (const result of results) bloom.or(result.bloom);
    return bloom.bitvector;
  }
}

function receiptOf(tx: TypedTransaction, result: RunTxResult, cumulativeGasUsed: bigint): StoredReceipt {
  return {
    succeeded: result.execResult.exceptionError === undefined,
    cumulativeGasUsed,
    gasUsed: result.totalGasSpent,
    from: tx.getSenderAddress().bytes,
    contractAddress: result.createdAddress?.bytes ?? new Uint8Array(),
    logs: result.receipt.logs,
  };
}
