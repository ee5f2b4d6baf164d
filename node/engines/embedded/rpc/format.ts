import type { Block } from '@ethereumjs/block';
import type { AccessList2930Tx, FeeMarket1559Tx, LegacyTx, TypedTransaction } from '@ethereumjs/tx';
import { bigIntToHex, bytesToHex, type PrefixedHexString } from '@ethereumjs/util';
import { Bloom } from '@ethereumjs/vm';
import type { FoundLog } from '../logs.ts';
import type { StoredReceipt } from '../receipt.ts';

/** The JSON shapes of the Ethereum execution API for blocks, transactions, receipts and logs. */

type Json = Record<string, unknown>;

export const hexNumber = (value: number | bigint): PrefixedHexString => bigIntToHex(BigInt(value));

const emptyUncles = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347';

export function formatBlock(block: Block, full: boolean, senders: readonly Uint8Array[]): Json {
  const { header } = block;
  return {
    number: hexNumber(header.number),
    hash: bytesToHex(block.hash()),
    parentHash: bytesToHex(header.parentHash),
    nonce: bytesToHex(header.nonce),
    sha3Uncles: emptyUncles,
    logsBloom: bytesToHex(header.logsBloom),
    transactionsRoot: bytesToHex(header.transactionsTrie),
    stateRoot: bytesToHex(header.stateRoot),
    receiptsRoot: bytesToHex(header.receiptTrie),
    miner: header.coinbase.toString(),
    difficulty: hexNumber(header.difficulty),
    totalDifficulty: '0x0',
    extraData: bytesToHex(header.extraData),
    size: hexNumber(block.serialize().length),
    gasLimit: hexNumber(header.gasLimit),
    gasUsed: hexNumber(header.gasUsed),
    timestamp: hexNumber(header.timestamp),
    mixHash: bytesToHex(header.mixHash),
    baseFeePerGas: hexNumber(header.baseFeePerGas ?? 0n),
    transactions: block.transactions.map((tx, index) =>
      full ? formatTransaction(tx, senders[index] as Uint8Array, { block, index }) : bytesToHex(tx.hash()),
    ),
    uncles: [],
  };
}

/** `place` is absent for a transaction that still waits. */
export function formatTransaction(tx: TypedTransaction, from: Uint8Array, place?: { block: Block; index: number }): Json {
  return {
    type: hexNumber(tx.type),
    hash: bytesToHex(tx.hash()),
    blockHash: place === undefined ? null : bytesToHex(place.block.hash()),
    blockNumber: place === undefined ? null : hexNumber(place.block.header.number),
    transactionIndex: place === undefined ? null : hexNumber(place.index),
    from: bytesToHex(from),
    to: tx.to?.toString() ?? null,
    nonce: hexNumber(tx.nonce),
    gas: hexNumber(tx.gasLimit),
    gasPrice: hexNumber(effectiveGasPrice(tx)),
    value: hexNumber(tx.value),
    input: bytesToHex(tx.data),
    chainId: hexNumber(tx.common.chainId()),
    v: hexNumber(tx.v ?? 0n),
    r: hexNumber(tx.r ?? 0n),
    s: hexNumber(tx.s ?? 0n),
    ...typedFields(tx),
  };
}

function typedFields(tx: TypedTransaction): Json {
  if (tx.type === 0) return {};
  const fields: Json = {
    yParity: hexNumber(tx.v ?? 0n),
    accessList: (tx as AccessList2930Tx).accessList.map(([at, slots]) => ({
      address: bytesToHex(at),
      storageKeys: slots.map((key) => bytesToHex(key)),
    })),
  };
  if (tx.type === 2) {
    const { maxFeePerGas, maxPriorityFeePerGas } = tx as FeeMarket1559Tx;
    return { ...fields, maxFeePerGas: hexNumber(maxFeePerGas), maxPriorityFeePerGas: hexNumber(maxPriorityFeePerGas) };
  }
  return fields;
}

/** With a base fee of 0 a type 2 transaction pays its priority fee. */
function effectiveGasPrice(tx: TypedTransaction): bigint {
  return tx.type === 2 ? (tx as FeeMarket1559Tx).maxPriorityFeePerGas : (tx as LegacyTx).gasPrice;
}

export function formatReceipt(block: Block, index: number, receipt: StoredReceipt, firstLogIndex: number): Json {
  const tx = block.transactions[index] as TypedTransaction;
  const bloom = new Bloom(undefined, block.common);
  for (const [address, topics] of receipt.logs) {
    bloom.add(address);
    for (const topic of topics) bloom.add(topic);
  }
  return {
    type: hexNumber(tx.type),
    status: receipt.succeeded ? '0x1' : '0x0',
    transactionHash: bytesToHex(tx.hash()),
    transactionIndex: hexNumber(index),
    blockHash: bytesToHex(block.hash()),
    blockNumber: hexNumber(block.header.number),
    from: bytesToHex(receipt.from),
    to: tx.to?.toString() ?? null,
    contractAddress: receipt.contractAddress.length === 0 ? null : bytesToHex(receipt.contractAddress),
    cumulativeGasUsed: hexNumber(receipt.cumulativeGasUsed),
    gasUsed: hexNumber(receipt.gasUsed),
    effectiveGasPrice: hexNumber(effectiveGasPrice(tx)),
    logsBloom: bytesToHex(bloom.bitvector),
    logs: receipt.logs.map((log, offset) =>
      formatLog(block, { number: block.header.number, transactionIndex: index, logIndex: firstLogIndex + offset, log }),
    ),
  };
}

export function formatLog(block: Block, { number, transactionIndex, logIndex, log }: FoundLog): Json {
  const [address, topics, data] = log;
  return {
    address: bytesToHex(address),
    topics: topics.map((topic) => bytesToHex(topic)),
    data: bytesToHex(data),
    blockNumber: hexNumber(number),
    blockHash: bytesToHex(block.hash()),
    transactionHash: bytesToHex((block.transactions[transactionIndex] as TypedTransaction).hash()),
    transactionIndex: hexNumber(transactionIndex),
    logIndex: hexNumber(logIndex),
    removed: false,
  };
}
