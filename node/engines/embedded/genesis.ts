import { createHash } from 'node:crypto';
import { type Block, createBlock } from '@ethereumjs/block';
import type { Common } from '@ethereumjs/common';
import { KECCAK256_RLP } from '@ethereumjs/util';

/** What the embedded chain starts from. Two chains with any difference here have different genesis hashes. */
export interface Genesis {
  readonly version: 1;
  readonly network: string;
  readonly chainId: number;
  /** Unix seconds of block 0. */
  readonly timestamp: number;
  /** Gas of a block, and so of one transaction: bounds how long a block takes. */
  readonly gasLimit: number;
}

export const defaultGasLimit = 100_000_000;

/** Block 0: no accounts (gas is free, nobody needs a balance), the network's name and chain id bound in by `extraData`. */
export function genesisBlock(genesis: Genesis, common: Common): Block {
  const extraData = createHash('sha256')
    .update(JSON.stringify([genesis.network, genesis.chainId]))
    .digest();
  return createBlock(
    {
      header: {
        number: 0n,
        timestamp: genesis.timestamp,
        gasLimit: genesis.gasLimit,
        baseFeePerGas: 0n,
        extraData: new Uint8Array(extraData),
        stateRoot: KECCAK256_RLP,
      },
    },
    { common },
  );
}
