import { bytesToHex } from '@ethereumjs/util';
import { TransactionRefused } from '../refusals.ts';
import { hexNumber } from './format.ts';
import type { RpcMethods } from './method.ts';
import { bytes } from './params.ts';
import { RpcError } from './rpc-error.ts';

/** What makes blocks. */
export const sendMethods: RpcMethods = {
  /** Answers only once the transaction's block is on disk. */
  eth_sendRawTransaction: ({ producer }, [raw]) => refused(producer.submit(bytes(raw, 'transaction'))),

  /** Moves block time on an idle chain: makes an empty block unless the head is of this second already. Answers with the head. */
  xinshu_freshBlock: async ({ chain, producer }) => {
    await refused(producer.fresh());
    const { header } = chain.head;
    return { number: hexNumber(header.number), hash: bytesToHex(chain.head.hash()), timestamp: hexNumber(header.timestamp) };
  },
};

async function refused<T>(outcome: Promise<T>): Promise<T> {
  try {
    return await outcome;
  } catch (error) {
    if (error instanceof TransactionRefused) throw new RpcError(error.code, error.message);
    throw error;
  }
}
