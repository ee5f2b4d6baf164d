import { encodeRlp } from 'ethers';

export interface BesuGenesisInputs {
  readonly chainId: number;
  /** Addresses of the founding validators. */
  readonly validators: readonly string[];
}

/** Gas of a block, as on the other engines. */
const gasLimit = 100_000_000;

/** Marks a block of the Istanbul family; fixed (Besu, "Configure QBFT consensus"). */
const istanbulMixHash = '0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365';

/**
 * Block 0 of a QBFT network with free gas: the EVM of London, whose base fee is held at zero. Nobody has a balance. Its time is 0, which Besu recommends, so that
 * the file depends on nothing but the founders.
 */
export function besuGenesis({ chainId, validators }: BesuGenesisInputs): object {
  return {
    config: {
      chainId,
      londonBlock: 0,
      zeroBaseFee: true,
      // A round that finds no block within the timeout takes the next proposer, with twice the time.
      qbft: { blockperiodseconds: 1, epochlength: 30_000, requesttimeoutseconds: 4 },
    },
    nonce: '0x0',
    timestamp: '0x0',
    gasLimit: `0x${gasLimit.toString(16)}`,
    difficulty: '0x1',
    mixHash: istanbulMixHash,
    coinbase: `0x${'00'.repeat(20)}`,
    alloc: {},
    extraData: qbftExtraData(validators),
  };
}

/** RLP([32 bytes of vanity, validators in ascending order, no vote, round 0, no seals]) (Besu, "Configure QBFT consensus", Extra data). */
export function qbftExtraData(validators: readonly string[]): string {
  const ascending = validators.map((address) => address.toLowerCase()).sort();
  return encodeRlp([`0x${'00'.repeat(32)}`, ascending, [], '0x', []]);
}
