import { Common, type CustomCrypto, Hardfork } from '@ethereumjs/common';

const forks = [
  Hardfork.Chainstart,
  Hardfork.Homestead,
  Hardfork.TangerineWhistle,
  Hardfork.SpuriousDragon,
  Hardfork.Byzantium,
  Hardfork.Constantinople,
  Hardfork.Petersburg,
  Hardfork.Istanbul,
  Hardfork.Berlin,
  Hardfork.London,
  Hardfork.Paris,
];

/** The rules of the chain: everything up to Paris from block 0, so that the same bytecode runs on every permissioned engine. */
export function ledgerCommon(chainId: number, customCrypto: CustomCrypto): Common {
  return new Common({
    chain: {
      name: 'xinshu',
      chainId,
      defaultHardfork: Hardfork.Paris,
      consensus: { type: 'pos', algorithm: 'casper' },
      genesis: { gasLimit: 0, difficulty: 0, nonce: '0x0000000000000000', extraData: '0x' },
      hardforks: forks.map((name) => ({ name, block: 0 })),
      bootstrapNodes: [],
    },
    hardfork: Hardfork.Paris,
    customCrypto,
  });
}
