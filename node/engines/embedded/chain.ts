import { type Block, createBlockFromRLP } from '@ethereumjs/block';
import type { Common } from '@ethereumjs/common';
import { bytesToHex } from '@ethereumjs/util';
import { NodeError } from '../../errors.ts';
import { GenerationCache } from './generation-cache.ts';
import { decodeNumber, encodeNumber, keys } from './keys.ts';
import { decodeReceipts, encodeReceipts, type StoredReceipt } from './receipt.ts';
import type { LedgerStore, PutOp } from './store.ts';

export interface TransactionPlace {
  readonly number: bigint;
  readonly index: number;
}

/** The blocks that are on disk. `head` moves only after the block it names is durable. */
export class Chain {
  readonly #store: LedgerStore;
  readonly #common: Common;
  readonly #blocks = new GenerationCache<bigint, Block>(256);
  readonly #receipts = new GenerationCache<bigint, StoredReceipt[]>(256);
  #head: Block;

  constructor(store: LedgerStore, common: Common) {
    this.#store = store;
    this.#common = common;
    const head = store.get(keys.meta('head'));
    if (head === undefined) throw new NodeError('NODE_DATA_CORRUPT', { missing: 'head' });
    this.#head = this.blockAt(decodeNumber(head));
  }

  get head(): Block {
    return this.#head;
  }

  /** A block up to the head. Throws NODE_DATA_CORRUPT if it is not there. */
  blockAt(number: bigint): Block {
    const known = this.#blocks.get(number);
    if (known !== undefined) return known;
    const bytes = this.#store.get(keys.block(number));
    if (bytes === undefined) throw new NodeError('NODE_DATA_CORRUPT', { missing: `block ${number}` });
    const block = createBlockFromRLP(bytes, { common: this.#common, freeze: false });
    this.#blocks.set(number, block);
    return block;
  }

  numberOf(hash: Uint8Array): bigint | undefined {
    const bytes = this.#store.get(keys.blockNumber(hash));
    return bytes === undefined ? undefined : decodeNumber(bytes);
  }

  receiptsOf(number: bigint): readonly StoredReceipt[] {
    const known = this.#receipts.get(number);
    if (known !== undefined) return known;
    const bytes = this.#store.get(keys.receipts(number));
    if (bytes === undefined) throw new NodeError('NODE_DATA_CORRUPT', { missing: `receipts ${number}` });
    const receipts = decodeReceipts(bytes);
    this.#receipts.set(number, receipts);
    return receipts;
  }

  placeOf(transactionHash: Uint8Array): TransactionPlace | undefined {
    const bytes = this.#store.get(keys.transaction(transactionHash));
    if (bytes === undefined) return undefined;
    return { number: decodeNumber(bytes.subarray(0, 8)), index: Number(decodeNumber(bytes.subarray(8))) };
  }

  /** Writes the block with all that belongs to it in one synced batch; only then it is the head. */
  async append(block: Block, receipts: StoredReceipt[], stateNodes: ReadonlyMap<string, Uint8Array>): Promise<void> {
    await this.#store.write(blockOps(block, receipts, stateNodes));
    const number = block.header.number;
    this.#blocks.set(number, block);
    this.#receipts.set(number, receipts);
    this.#head = block;
  }
}

/** Every write that one block means. */
export function blockOps(block: Block, receipts: readonly StoredReceipt[], stateNodes: ReadonlyMap<string, Uint8Array>): PutOp[] {
  const number = block.header.number;
  const ops: PutOp[] = [];
  const put = (key: Uint8Array, value: Uint8Array) => ops.push({ type: 'put', key, value });

  for (const [hex, node] of stateNodes) put(keys.state(Buffer.from(hex, 'hex')), node);
  put(keys.block(number), block.serialize());
  put(keys.blockNumber(block.hash()), encodeNumber(number));
  put(keys.receipts(number), encodeReceipts(receipts));
  block.transactions.forEach((transaction, index) => {
    put(keys.transaction(transaction.hash()), Buffer.concat([encodeNumber(number), encodeNumber(BigInt(index))]));
  });
  for (const key of logKeys(receipts, number)) put(key, new Uint8Array());
  put(keys.meta('head'), encodeNumber(number));
  return ops;
}

function logKeys(receipts: readonly StoredReceipt[], number: bigint): Iterable<Uint8Array> {
  const found = new Map<string, Uint8Array>();
  const add = (key: Uint8Array) => found.set(bytesToHex(key), key);
  for (const { logs } of receipts) {
    for (const [address, topics] of logs) {
      add(keys.logAddress(address, number));
      topics.forEach((topic, position) => {
        add(keys.logTopic(position, topic, number));
      });
    }
  }
  return found.values();
}
