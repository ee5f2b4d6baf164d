import type { Address, Hex } from '../../../domain/ids.ts';
import { ok, type Result, refuse } from '../../../domain/result.ts';
import type { Ledger, LedgerCall } from '../../../ports/ledger.ts';
import { contractInterfaces } from '../contract-interfaces.ts';

/** `key` is the same for calls that ask the same contract for the same thing; `topic` for calls of the same method. */
export type EncodedCall = { readonly to: Address; readonly data: Hex; readonly key: string; readonly topic: string };

export const encodedCall = (to: Address, data: Hex): EncodedCall => ({
  to,
  data,
  key: `${to}/${data}`,
  topic: `${to}/${data.slice(0, 10)}`,
});

/** The call as transaction data, to the contract that serves the name now. Refuses with LEDGER_CALL_INVALID what does not fit the ABI. */
export const encodeCall = (ledger: Ledger, { contract, method, args }: LedgerCall): Result<EncodedCall> => {
  try {
    const data = contractInterfaces[contract].encodeFunctionData(method, args) as Hex;
    return ok(encodedCall(ledger.address(contract), data));
  } catch (error) {
    // ethers names the argument and the expected type; the value may be anything and stays out.
    const argument = typeof error === 'object' && error !== null && 'argument' in error ? String(error.argument) : '';
    return refuse('LEDGER_CALL_INVALID', { contract, method, argument });
  }
};
