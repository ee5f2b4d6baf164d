import type { EmbeddedLedger } from '../embedded-ledger.ts';
import { logsOf } from '../logs.ts';
import { formatBlock, formatReceipt, formatTransaction, hexNumber } from './format.ts';
import type { RpcMethods } from './method.ts';
import { blockNumber, hash, record } from './params.ts';

/** Blocks, transactions and receipts that are in the chain. */
export const blockMethods: RpcMethods = {
  eth_blockNumber: ({ chain }) => hexNumber(chain.head.header.number),

  eth_getBlockByNumber: (ledger, [which, full]) => {
    const number = blockNumber(ledger.chain, which);
    return number === undefined ? null : blockAt(ledger, number, full === true);
  },

  eth_getBlockByHash: (ledger, [which, full]) => {
    const number = ledger.chain.numberOf(hash(which, 'block hash'));
    return number === undefined ? null : blockAt(ledger, number, full === true);
  },

  eth_getBlockReceipts: (ledger, [which]) => {
    const { chain } = ledger;
    const asked = typeof which === 'object' && which !== null ? record(which, 'block') : { blockNumber: which };
    const byHash = 'blockHash' in asked ? asked.blockHash : typeof which === 'string' && which.length === 66 ? which : undefined;
    const number = byHash === undefined ? blockNumber(chain, asked.blockNumber) : chain.numberOf(hash(byHash, 'block hash'));
    return number === undefined ? null : chain.receiptsOf(number).map((_, index) => receiptAt(ledger, number, index));
  },

  eth_getTransactionByHash: ({ chain, producer }, [which]) => {
    const wanted = hash(which, 'transaction hash');
    const place = chain.placeOf(wanted);
    if (place !== undefined) {
      const block = chain.blockAt(place.number);
      const tx = block.transactions[place.index];
      const receipt = chain.receiptsOf(place.number)[place.index];
      return tx === undefined || receipt === undefined ? null : formatTransaction(tx, receipt.from, { block, index: place.index });
    }
    const waiting = producer.waiting(`0x${Buffer.from(wanted).toString('hex')}`);
    return waiting === undefined ? null : formatTransaction(waiting, waiting.getSenderAddress().bytes);
  },

  eth_getTransactionReceipt: (ledger, [which]) => {
    const place = ledger.chain.placeOf(hash(which, 'transaction hash'));
    // The index is written with the block, so a place past the head can't be seen.
    return place === undefined ? null : receiptAt(ledger, place.number, place.index);
  },
};

function blockAt({ chain }: EmbeddedLedger, number: bigint, full: boolean): unknown {
  return formatBlock(chain.blockAt(number), full, full ? chain.receiptsOf(number).map(({ from }) => from) : []);
}

function receiptAt({ chain }: EmbeddedLedger, number: bigint, index: number): unknown {
  const receipt = chain.receiptsOf(number)[index];
  if (receipt === undefined) return null;
  const first = [...logsOf(chain, number)].find((log) => log.transactionIndex === index)?.logIndex ?? 0;
  return formatReceipt(chain.blockAt(number), index, receipt, first);
}
