import type { Log } from '@ethereumjs/evm';
import { RLP } from '@ethereumjs/rlp';
import { bigIntToUnpaddedBytes, bytesToBigInt } from '@ethereumjs/util';

/** The outcome of one transaction as it is kept on disk. */
export interface StoredReceipt {
  readonly succeeded: boolean;
  readonly cumulativeGasUsed: bigint;
  readonly gasUsed: bigint;
  readonly from: Uint8Array;
  /** The address made by a creation; empty otherwise. */
  readonly contractAddress: Uint8Array;
  readonly logs: readonly Log[];
}

type Encoded = [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, [Uint8Array, Uint8Array[], Uint8Array][]];

export function encodeReceipts(receipts: readonly StoredReceipt[]): Uint8Array {
  return RLP.encode(
    receipts.map((receipt) => [
      Uint8Array.of(receipt.succeeded ? 1 : 0),
      bigIntToUnpaddedBytes(receipt.cumulativeGasUsed),
      bigIntToUnpaddedBytes(receipt.gasUsed),
      receipt.from,
      receipt.contractAddress,
      receipt.logs.map(([address, topics, data]) => [address, topics, data]),
    ]),
  );
}

export function decodeReceipts(bytes: Uint8Array): StoredReceipt[] {
  return (RLP.decode(bytes) as unknown as Encoded[]).map(([status, cumulative, used, from, contractAddress, logs]) => ({
    succeeded: status[0] === 1,
    cumulativeGasUsed: bytesToBigInt(cumulative),
    gasUsed: bytesToBigInt(used),
    from,
    contractAddress,
    logs,
  }));
}
