import { paramsBlock } from '@ethereumjs/block';
import { Common, type CommonOpts, type CustomCrypto, Hardfork, type ParamsDict } from '@ethereumjs/common';
import { paramsEVM } from '@ethereumjs/evm';
import { paramsTx } from '@ethereumjs/tx';
import { paramsVM } from '@ethereumjs/vm';

const libraryParams: readonly ParamsDict[] = [paramsBlock, paramsTx, paramsEVM, paramsVM];

/** Each block, transaction and machine merges its library's parameters into the Common it is given, which took a tenth of all time. Here they are in from the start. */
class LedgerCommon extends Common {
  // Declared only: an initializer would run after the library's constructor, which fills it.
  declare private activated: ReadonlySet<number> | undefined;

  constructor(options: CommonOpts) {
    super(options);
    for (const params of libraryParams) super.updateParams(params);
  }

  protected override _buildActivatedEIPsCache(): void {
    super._buildActivatedEIPsCache();
    this.activated = new Set(this._activatedEIPsCache);
  }

  /** Asked several times for each step of the machine: a set instead of the library's list. */
  override isActivatedEIP(eip: number): boolean {
    return this.activated?.has(eip) ?? false;
  }

  override updateParams(params: ParamsDict): void {
    if (!libraryParams.includes(params)) super.updateParams(params);
  }
}

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
  return new LedgerCommon({
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
