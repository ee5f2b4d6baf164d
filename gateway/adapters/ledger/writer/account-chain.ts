import { keccak256 } from 'ethers';
import type { Address, Hex } from '../../../domain/ids.ts';
import type { Keys } from '../../../ports/keys.ts';
import { hexNumber } from '../rpc/chain-reader.ts';
import { type RpcCall, type RpcClient, RpcError, type RpcOutcome, RpcUnreachable } from '../rpc/rpc-client.ts';
import type { EncodedCall } from './encode-call.ts';
import type { Signed } from './outbox-entry.ts';
import { parseReceipt, type Receipt } from './receipt.ts';
import { type RevertReason, revertReason } from './revert-reason.ts';

/** What the chain knows of a transaction: its receipt, that the node knows of it, or nothing. */
export type Trace = { readonly receipt: Receipt | undefined; readonly known: boolean };
export type GasEstimate = { readonly kind: 'gas'; readonly gas: bigint } | { readonly kind: 'reverted'; readonly reason: RevertReason };

/** One account's dealings with the node. Every method throws RpcUnreachable or RpcError. */
export class AccountChain {
  readonly #rpc: RpcClient;
  readonly #keys: Keys;
  readonly #chainId: number;

  constructor(rpc: RpcClient, keys: Keys, chainId: number) {
    this.#rpc = rpc;
    this.#keys = keys;
    this.#chainId = chainId;
  }

  get account(): Address {
    return this.#keys.account;
  }

  /** The next nonce: after all transactions in blocks, or after those that wait in the node too. */
  async nonce(which: 'latest' | 'pending'): Promise<number> {
    return Number(await this.#rpc.call('eth_getTransactionCount', [this.account, which]));
  }

  /** Gas price zero, legacy form: every permissioned engine takes it (design.md §4). */
  async sign(call: EncodedCall, gas: bigint, nonce: number): Promise<Signed> {
    const { to, data } = call;
    const transaction = { type: 0, chainId: this.#chainId, nonce, to, data, value: 0, gasPrice: 0, gasLimit: gas };
    const raw = await this.#keys.signTransaction(transaction);
    return { nonce, raw, hash: keccak256(raw) as Hex };
  }

  /** undefined for each that the node took, else why not. */
  async send(transactions: readonly Signed[]): Promise<readonly (string | undefined)[]> {
    const outcomes = await this.#rpc.batch(transactions.map(({ raw }) => ({ method: 'eth_sendRawTransaction', params: [raw] })));
    return outcomes.map((outcome) => (outcome.ok ? undefined : outcome.error.message));
  }

  async traces(hashes: readonly Hex[]): Promise<readonly Trace[]> {
    const ask = (method: string): RpcCall[] => hashes.map((hash) => ({ method, params: [hash] }));
    // Known is asked after the receipt: a transaction that moves into a block between the two is still known.
    const outcomes = await this.#rpc.batch([...ask('eth_getTransactionReceipt'), ...ask('eth_getTransactionByHash')]);
    const results = outcomes.map(resultOf);
    return hashes.map((_, at) => ({ receipt: parseReceipt(results[at]), known: results[hashes.length + at] !== null }));
  }

  /** Runs the call on the newest state. The estimate gets room for what changes until it is in a block. */
  async estimate(call: EncodedCall): Promise<GasEstimate> {
    try {
      const estimate = BigInt((await this.#rpc.call('eth_estimateGas', [this.#request(call)])) as string);
      return { kind: 'gas', gas: (estimate * 3n) / 2n + 50_000n };
    } catch (error) {
      if (!isRevert(error)) throw error;
      return { kind: 'reverted', reason: revertReason(error.data) };
    }
  }

  /** Why a transaction in this block reverted: the call again on the block's state, which most often answers the same. */
  async replay(call: EncodedCall, gas: bigint, block: number): Promise<RevertReason> {
    try {
      await this.#rpc.call('eth_call', [{ ...this.#request(call), gas: hexNumber(gas) }, hexNumber(block)]);
      return { error: 'unknown' };
    } catch (error) {
      if (error instanceof RpcUnreachable) throw error;
      return revertReason(error instanceof RpcError ? error.data : undefined);
    }
  }

  #request({ to, data }: EncodedCall) {
    return { from: this.account, to, data, gasPrice: '0x0' };
  }
}

const resultOf = (outcome: RpcOutcome): unknown => {
  if (!outcome.ok) throw outcome.error;
  return outcome.result;
};

/** Code 3 is geth's for a revert; other nodes say so in words only. */
const isRevert = (error: unknown): error is RpcError =>
  error instanceof RpcError && (error.code === 3 || error.data !== undefined || /revert/i.test(error.message));
