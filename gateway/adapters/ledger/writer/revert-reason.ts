import { type Result as Decoded, Interface, type ParamType } from 'ethers';
import { contractInterfaces } from '../contract-interfaces.ts';
import { decodeCode } from '../registry/read-event.ts';

/** Facts of a LEDGER_CALL_REVERTED: the custom error's name and its arguments by name. */
export type RevertReason = Readonly<Record<string, string | number>>;

// What the compiler itself reverts with (Solidity documentation, "Panic via assert and Error via require").
const builtIn = new Interface(['error Error(string message)', 'error Panic(uint256 code)']);
// AccessManager reverts on the way of a restricted call (OpenZeppelin IAccessManager, IAccessManaged).
const manager = new Interface([
  'error AccessManagerUnauthorizedAccount(address msgsender, uint64 roleId)',
  'error AccessManagerUnauthorizedCall(address caller, address target, bytes4 selector)',
]);
const interfaces: readonly Interface[] = [...Object.values(contractInterfaces), builtIn, manager];

/** Decodes revert data by the errors of all contracts, since one contract passes on the error of another. */
export const revertReason = (data: string | undefined): RevertReason => {
  if (data === undefined || data.length < 10) return { error: 'unknown' };
  for (const candidate of interfaces) {
    const error = candidate.getError(data.slice(0, 10));
    if (error === null) continue;
    try {
      const args = candidate.decodeErrorResult(error, data);
      return { error: error.name, ...Object.fromEntries(error.inputs.map((input, at) => [input.name, fact(input, args, at)])) };
    } catch {
      return { error: error.name };
    }
  }
  return { error: 'unknown', selector: data.slice(0, 10) };
};

const fact = (input: ParamType, args: Decoded, at: number): string | number => {
  const value: unknown = args[at];
  if (input.type === 'bytes32') return decodeCode(value as string);
  if (typeof value === 'bigint') return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
  return String(value);
};
