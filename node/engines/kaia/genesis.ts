import { concat, encodeRlp } from 'ethers';

export interface KaiaGenesisInputs {
  readonly chainId: number;
  /** Unix seconds of block 0. */
  readonly timestamp: number;
  /** Addresses of the founding validators. */
  readonly validators: readonly string[];
}

/**
 * Block 0 of a Kaia network for a consortium: the EVM of London from the start, and no fork after it, since Magma brings a base fee. No account has a balance and
 * gas costs nothing, so the rewards that its rules want named are none.
 */
export function kaiaGenesis({ chainId, timestamp, validators }: KaiaGenesisInputs): object {
  return {
    config: {
      chainId,
      istanbulCompatibleBlock: 0,
      londonCompatibleBlock: 0,
      ethTxTypeCompatibleBlock: 0,
      // Proposers take turns (policy 0), all validators are in every committee (sub).
      istanbul: { epoch: 30_000, policy: 0, sub: 100 },
      unitPrice: 0,
      deriveShaImpl: 0,
      governance: {
        governingNode: validators[0],
        governanceMode: 'none',
        reward: {
          mintingAmount: 0,
          ratio: '100/0/0',
          useGiniCoeff: false,
          deferredTxFee: true,
          stakingUpdateInterval: 86_400,
          proposerUpdateInterval: 3_600,
          minimumStake: 0,
        },
      },
    },
    timestamp: `0x${timestamp.toString(16)}`,
    extraData: istanbulExtra(validators),
    blockScore: '0x1',
    alloc: {},
  };
}

/** 32 bytes of vanity, then [validators, the proposer's seal (empty), committed seals (none)] (Kaia: blockchain/types/istanbul.go, IstanbulExtra). */
function istanbulExtra(validators: readonly string[]): string {
  const sorted = [...validators].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  return concat([`0x${'00'.repeat(32)}`, encodeRlp([sorted, `0x${'00'.repeat(65)}`, []])]);
}
