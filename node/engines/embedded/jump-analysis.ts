import type { Common } from '@ethereumjs/common';
import { EVM } from '@ethereumjs/evm';
import { SimpleStateManager } from '@ethereumjs/statemanager';

type Interpreter = { readonly _evm: object; _getValidJumpDestinations: (this: Interpreter, code: Uint8Array) => unknown };

/** A byte that no fork gives a meaning. */
const unassigned = 0x0c;
let done = false;

/** The library does not export its interpreter, but hands it to the logic of an opcode that its user adds: here to a machine that runs this one byte and is dropped. */
const interpreterPrototype = async (common: Common): Promise<Interpreter> => {
  let found: Interpreter | undefined;
  const logicFunction = ({ interpreter }: { readonly interpreter: object }): void => {
    found = Object.getPrototypeOf(interpreter) as Interpreter;
  };
  const customOpcodes = [{ opcode: unassigned, opcodeName: 'PROBE', baseFee: 0, logicFunction }];
  const probe = new EVM({ common, stateManager: new SimpleStateManager({ common }), customOpcodes });
  await probe.runCode({ code: Uint8Array.of(unassigned), gasLimit: 1n });
  if (typeof found?._getValidJumpDestinations !== 'function') throw new Error('the interpreter of @ethereumjs/evm is not the one expected');
  return found;
};

/**
 * Where a contract may jump to is found by reading all of its code, which the library does anew for every call between contracts: an eighth of the time of a
 * consent. From here on the finding is kept for as long as the state caches keep the code.
 */
export const keepJumpAnalyses = async (common: Common): Promise<void> => {
  if (done) return;
  const prototype = await interpreterPrototype(common);
  const analyse = prototype._getValidJumpDestinations;
  // By machine too: a finding holds that machine's own table of opcodes.
  const kept = new WeakMap<object, WeakMap<Uint8Array, unknown>>();
  prototype._getValidJumpDestinations = function (code) {
    const ofMachine = kept.get(this._evm) ?? new WeakMap<Uint8Array, unknown>();
    kept.set(this._evm, ofMachine);
    const known = ofMachine.get(code);
    if (known !== undefined) return known;
    const found = analyse.call(this, code);
    ofMachine.set(code, found);
    return found;
  };
  done = true;
};
