import { EVM } from '@ethereumjs/evm';
import { SimpleStateManager } from '@ethereumjs/statemanager';
import { expect } from 'chai';
import { loadLedgerCrypto } from '../../../../node/engines/embedded/crypto.ts';
import { keepJumpAnalyses } from '../../../../node/engines/embedded/jump-analysis.ts';
import { ledgerCommon } from '../../../../node/engines/embedded/ledger-common.ts';

describe('kept jump analyses', () => {
  const jump = 0x56;
  const jumpdest = 0x5b;
  const pop = 0x50;
  // PUSH1 4, JUMP, INVALID, JUMPDEST, STOP
  const code = Uint8Array.of(0x60, 4, jump, 0xfe, jumpdest, 0x00);

  it('hold for the very code they were made of, in the machine that made them', async () => {
    const common = ledgerCommon(619_900, (await loadLedgerCrypto()).common);
    await keepJumpAnalyses(common);
    const options = { common, stateManager: new SimpleStateManager({ common }) };
    const errorOf = async (evm: EVM, bytes: Uint8Array): Promise<string | undefined> =>
      (await evm.runCode({ code: bytes, gasLimit: 100n })).exceptionError?.error;
    const [first, second] = [new EVM(options), new EVM(options)];
    expect(await errorOf(first, code)).to.equal(undefined);
    // No code changes in a ledger: done here to see whether it is read again.
    code[4] = pop;
    expect(await errorOf(first, code)).to.equal(undefined);
    expect(await errorOf(first, Uint8Array.from(code))).to.match(/^invalid JUMP/);
    expect(await errorOf(second, code)).to.match(/^invalid JUMP/);
  });
});
