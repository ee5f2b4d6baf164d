import { type Block, createBlock } from '@ethereumjs/block';
import { getMerkleStateProof, type MerkleStateManager } from '@ethereumjs/statemanager';
import type { TypedTransaction } from '@ethereumjs/tx';
import { createLegacyTx } from '@ethereumjs/tx';
import { type Address, createZeroAddress } from '@ethereumjs/util';
import { runTx } from '@ethereumjs/vm';
import { NodeError } from '../../errors.ts';
import { createMachine, type Machine, type MachineParts } from './machine.ts';

export interface CallRequest {
  readonly from?: Address;
  readonly to?: Address;
  readonly gas: bigint;
  readonly value: bigint;
  readonly data: Uint8Array;
}

export type CallOutcome =
  | { readonly kind: 'returned'; readonly data: Uint8Array; readonly gasUsed: bigint; readonly gasRefund: bigint }
  | { readonly kind: 'reverted'; readonly data: Uint8Array }
  | { readonly kind: 'failed'; readonly reason: string };

interface Seat {
  readonly machine: Machine;
  root: Uint8Array | undefined;
}

/** Reads and trial runs on the state of any block. Each runs on a machine of its own, apart from the writer's, and leaves nothing behind. */
export class StateReader {
  readonly #parts: MachineParts;
  readonly #free: Seat[] = [];
  readonly #queue: ((seat: Seat) => void)[] = [];
  #made = 0;

  constructor(parts: MachineParts) {
    this.#parts = parts;
  }

  async account(block: Block, address: Address): Promise<{ nonce: bigint; balance: bigint }> {
    return this.#with(block, async ({ state }) => {
      const account = await state.getAccount(address);
      return { nonce: account?.nonce ?? 0n, balance: account?.balance ?? 0n };
    });
  }

  async code(block: Block, address: Address): Promise<Uint8Array> {
    return this.#with(block, ({ state }) => state.getCode(address));
  }

  async storage(block: Block, address: Address, slot: Uint8Array): Promise<Uint8Array> {
    return this.#with(block, ({ state }) => state.getStorage(address, slot));
  }

  /** EIP-1186 proof of the account and of storage slots. */
  async proof(block: Block, address: Address, slots: Uint8Array[]): ReturnType<typeof getMerkleStateProof> {
    return this.#with(block, ({ state }) => getMerkleStateProof(state as MerkleStateManager, address, slots));
  }

  /** Runs a message as if it came at the end of `block`. No nonce, signature or intrinsic gas. */
  async call(block: Block, request: CallRequest): Promise<CallOutcome> {
    return this.#with(block, async ({ vm }) => {
      const { execResult } = await vm.evm.runCall({
        block: afterwards(block),
        caller: request.from ?? createZeroAddress(),
        gasLimit: request.gas,
        value: request.value,
        data: request.data,
        // A creation takes its address from the nonce before the one its sender has by then.
        skipNonceIncrement: request.to !== undefined,
        ...(request.to === undefined ? {} : { to: request.to }),
      });
      return outcome(execResult, execResult.executionGasUsed);
    });
  }

  /** Runs a message as a whole transaction with gas limit `request.gas`: intrinsic gas and refunds counted. */
  async trial(block: Block, request: CallRequest): Promise<CallOutcome> {
    return this.#with(block, async ({ vm }) => {
      const tx = unsignedTransaction(request, vm.common);
      try {
        const result = await runTx(vm, { tx, block: afterwards(block), skipNonce: true, skipHardForkValidation: true });
        return outcome(result.execResult, result.totalGasSpent);
      } catch (error) {
        if (error instanceof NodeError) throw error;
        return { kind: 'failed', reason: (error as Error).message };
      }
    });
  }

  async #with<T>(block: Block, use: (machine: Machine) => Promise<T>): Promise<T> {
    const seat = await this.#take();
    const { state, vm, overlay } = seat.machine;
    try {
      const root = block.header.stateRoot;
      if (seat.root === undefined || Buffer.compare(seat.root, root) !== 0) {
        seat.root = undefined;
        state.clearCaches();
        await state.setStateRoot(root, true);
        seat.root = root;
      }
      await vm.evm.journal.checkpoint();
      try {
        return await use(seat.machine);
      } finally {
        await vm.evm.journal.revert();
        await vm.evm.journal.cleanup();
        overlay.pending.clear();
      }
    } catch (error) {
      seat.root = undefined;
      throw error;
    } finally {
      this.#giveBack(seat);
    }
  }

  async #take(): Promise<Seat> {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#made < 4) {
      this.#made += 1;
      return { machine: await createMachine(this.#parts), root: undefined };
    }
    return new Promise((resolve) => this.#queue.push(resolve));
  }

  #giveBack(seat: Seat): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#free.push(seat);
    else next(seat);
  }
}

/** The block a trial run sees: number, time and gas limit of the block asked for. */
function afterwards(block: Block): Block {
  const { number, timestamp, gasLimit, parentHash } = block.header;
  return createBlock({ header: { number, timestamp, gasLimit, parentHash, baseFeePerGas: 0n } }, { common: block.common });
}

function unsignedTransaction(request: CallRequest, common: Block['common']): TypedTransaction {
  const tx = createLegacyTx(
    {
      gasLimit: request.gas,
      gasPrice: 0n,
      value: request.value,
      data: request.data,
      ...(request.to === undefined ? {} : { to: request.to }),
    },
    { common, freeze: false },
  );
  const from = request.from ?? createZeroAddress();
  Object.defineProperty(tx, 'getSenderAddress', { value: () => from });
  return tx;
}

function outcome(
  result: { exceptionError?: { error: string }; returnValue: Uint8Array; gasRefund?: bigint },
  gasUsed: bigint,
): CallOutcome {
  if (result.exceptionError === undefined) {
    return { kind: 'returned', data: result.returnValue, gasUsed, gasRefund: result.gasRefund ?? 0n };
  }
  if (result.exceptionError.error === 'revert') return { kind: 'reverted', data: result.returnValue };
  return { kind: 'failed', reason: result.exceptionError.error };
}
