import { bytesToHex } from '@ethereumjs/util';
import type { EmbeddedLedger } from '../embedded-ledger.ts';
import type { CallOutcome, CallRequest } from '../reader.ts';
import { estimateGas } from './estimate-gas.ts';
import { hexNumber } from './format.ts';
import type { RpcMethods } from './method.ts';
import { address, bytes, quantity, record, stateBlock } from './params.ts';
import { RpcError, rpcCode } from './rpc-error.ts';

/** Trial runs: nothing of them is kept. Their gas is bounded by that of a block. */
export const callMethods: RpcMethods = {
  eth_call: async ({ chain, reader }, [request, at]) => {
    const block = stateBlock(chain, at);
    const outcome = await reader.call(block, callRequest(request, block.header.gasLimit));
    if (outcome.kind !== 'returned') throw failure(outcome);
    return bytesToHex(outcome.data);
  },

  eth_estimateGas: async (ledger: EmbeddedLedger, [request, at]) => {
    const block = stateBlock(ledger.chain, at);
    const asked = callRequest(request, block.header.gasLimit);
    const estimate = await estimateGas((gas) => ledger.reader.trial(block, { ...asked, gas }), asked.gas);
    if (estimate.kind !== 'estimated') throw failure(estimate);
    return hexNumber(estimate.gas);
  },
};

function callRequest(value: unknown, cap: bigint): CallRequest {
  const given = record(value, 'call');
  const gas = given.gas === undefined || given.gas === null ? cap : quantity(given.gas, 'call.gas');
  const data = given.input ?? given.data ?? '0x';
  return {
    gas: gas < cap ? gas : cap,
    value: quantity(given.value ?? '0x0', 'call.value'),
    data: bytes(data, 'call.data'),
    ...(given.from === undefined || given.from === null ? {} : { from: address(given.from, 'call.from') }),
    ...(given.to === undefined || given.to === null ? {} : { to: address(given.to, 'call.to') }),
  };
}

function failure(outcome: Exclude<CallOutcome, { kind: 'returned' }>): RpcError {
  if (outcome.kind === 'failed') return new RpcError(rpcCode.server, outcome.reason);
  const reason = revertReason(outcome.data);
  return new RpcError(
    rpcCode.reverted,
    reason === undefined ? 'execution reverted' : `execution reverted: ${reason}`,
    bytesToHex(outcome.data),
  );
}

/** The text of `Error(string)` (selector 0x08c379a0, then offset, length and UTF-8 bytes by the ABI). */
function revertReason(data: Uint8Array): string | undefined {
  const view = Buffer.from(data);
  if (view.length < 68 || view.readUInt32BE(0) !== 0x08c379a0) return undefined;
  const length = view.readUInt32BE(64);
  return view.length < 68 + length ? undefined : view.subarray(68, 68 + length).toString('utf8');
}
