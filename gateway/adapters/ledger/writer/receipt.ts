import type { Address, Hex } from '../../../domain/ids.ts';
import type { Included, LedgerEvent } from '../../../ports/ledger.ts';
import { contractInterfaces, isContractName } from '../contract-interfaces.ts';
import { eventDecoder } from '../registry/decode-log.ts';
import { type ChainLog, parseLog } from '../rpc/chain-reader.ts';
import { RpcUnreachable } from '../rpc/rpc-client.ts';

export type Receipt = {
  readonly transaction: Hex;
  readonly block: number;
  readonly succeeded: boolean;
  readonly logs: readonly ChainLog[];
};

/** undefined: the transaction is in no block yet. */
export const parseReceipt = (value: unknown): Receipt | undefined => {
  if (value === null) return undefined;
  const receipt = value as { transactionHash?: unknown; blockNumber?: unknown; status?: unknown; logs?: unknown };
  if (typeof receipt.transactionHash !== 'string' || typeof receipt.blockNumber !== 'string' || !Array.isArray(receipt.logs)) {
    throw new RpcUnreachable('not a receipt');
  }
  return {
    transaction: receipt.transactionHash as Hex,
    block: Number(receipt.blockNumber),
    succeeded: receipt.status === '0x1',
    logs: receipt.logs.map(parseLog),
  };
};

const decoders = new Map(Object.entries(contractInterfaces).map(([name, abi]) => [name, eventDecoder(abi)]));

/** What the transaction did, with the events of the contracts that `nameOf` knows. */
export const included = (receipt: Receipt, nameOf: (address: Address) => string | undefined): Included => ({
  transaction: receipt.transaction,
  block: receipt.block,
  events: receipt.logs.flatMap((log): LedgerEvent[] => {
    const contract = nameOf(log.address);
    if (contract === undefined || !isContractName(contract)) return [];
    const event = decoders.get(contract)?.(log.topics, log.data);
    return event === undefined ? [] : [{ contract, name: event.name, args: event.args }];
  }),
});
