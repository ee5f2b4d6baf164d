import { decodeBytes32String, type ErrorFragment, Interface, type Result } from 'ethers';
import { loadArtifacts } from '../deployment/artifacts.ts';
import { NodeError, type NodeErrorCode } from '../errors.ts';

/** Refusals that a seat meets in a life of voting, each said in words of its own. */
const known: Readonly<Record<string, NodeErrorCode>> = {
  CouncilNotASeat: 'NODE_COUNCIL_NO_SEAT',
  EmergencyPauseNotASeat: 'NODE_COUNCIL_NO_SEAT',
  CouncilUnknownProposal: 'NODE_COUNCIL_NO_PROPOSAL',
  CouncilVotingClosed: 'NODE_COUNCIL_VOTING_CLOSED',
  CouncilAlreadyVoted: 'NODE_COUNCIL_VOTED',
  CouncilAlreadyExecuted: 'NODE_COUNCIL_EXECUTED',
  CouncilNotPassed: 'NODE_COUNCIL_NOT_PASSED',
  CouncilTooEarly: 'NODE_COUNCIL_TOO_EARLY',
  CouncilExpired: 'NODE_COUNCIL_EXPIRED',
  EmergencyPauseActive: 'NODE_PAUSED',
};

// What the compiler itself reverts with (Solidity documentation, "Panic via assert and Error via require").
const builtIn = new Interface(['error Error(string message)', 'error Panic(uint256 code)']);

/** What a node answered to a call, as an error of ours: one of the council's, NODE_CALL_REFUSED with the contract's error and its facts, or NODE_ENGINE_UNREACHABLE. */
export function callRefusal(error: unknown): NodeError {
  const answer = rpcError(error);
  if (answer === undefined) return new NodeError('NODE_ENGINE_UNREACHABLE', {}, { cause: error });
  const reverted = decodeRevert(answer.data);
  if (reverted === undefined) return new NodeError('NODE_CALL_REFUSED', { error: answer.message.slice(0, 200) }, { cause: error });
  const code = known[reverted.name];
  return code === undefined
    ? new NodeError('NODE_CALL_REFUSED', { error: reverted.name, ...reverted.facts })
    : new NodeError(code, reverted.facts);
}

interface RpcAnswer {
  readonly message: string;
  readonly data?: unknown;
}

/** Where ethers puts the node's own error depends on what it makes of it. */
function rpcError(error: unknown): RpcAnswer | undefined {
  const { error: inner, info } = error as { error?: RpcAnswer; info?: { error?: RpcAnswer } };
  return inner ?? info?.error;
}

function decodeRevert(data: unknown): { readonly name: string; readonly facts: Readonly<Record<string, string | number>> } | undefined {
  if (typeof data !== 'string' || data.length < 10) return undefined;
  for (const abi of [...Object.values(loadArtifacts()).map(({ abi: one }) => one), builtIn]) {
    const fragment = abi.getError(data.slice(0, 10));
    if (fragment !== null) return { name: fragment.name, facts: factsOf(fragment, abi.decodeErrorResult(fragment, data)) };
  }
  return undefined;
}

function factsOf(fragment: ErrorFragment, values: Result): Record<string, string | number> {
  return Object.fromEntries(fragment.inputs.map(({ name, type }, at) => [name, fact(type, values[at])]));
}

function fact(type: string, value: unknown): string | number {
  if (type === 'bytes32') {
    try {
      return decodeBytes32String(value as string);
    } catch {
      return String(value);
    }
  }
  return typeof value === 'bigint' && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);
}
