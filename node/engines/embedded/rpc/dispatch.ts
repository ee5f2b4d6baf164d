import { NodeError } from '../../../errors.ts';
import type { EmbeddedLedger } from '../embedded-ledger.ts';
import type { RpcMethod } from './method.ts';
import { blockMethods } from './methods-block.ts';
import { callMethods } from './methods-call.ts';
import { logMethods } from './methods-logs.ts';
import { networkMethods } from './methods-network.ts';
import { sendMethods } from './methods-send.ts';
import { stateMethods } from './methods-state.ts';
import { RpcError, rpcCode } from './rpc-error.ts';

/** Calls in one batch. */
export const batchBound = 1_000;

const methods = new Map<string, RpcMethod>(
  Object.entries({ ...networkMethods, ...blockMethods, ...stateMethods, ...callMethods, ...logMethods, ...sendMethods }),
);

type Id = string | number | null;
export type RpcAnswer =
  | { readonly jsonrpc: '2.0'; readonly id: Id; readonly result: unknown }
  | {
      readonly jsonrpc: '2.0';
      readonly id: Id;
      readonly error: { readonly code: number; readonly message: string; readonly data?: string };
    };

export function errorAnswer(id: Id, error: RpcError): RpcAnswer {
  const { code, message, data } = error;
  return { jsonrpc: '2.0', id, error: data === undefined ? { code, message } : { code, message, data } };
}

/**
 * Answers one JSON-RPC 2.0 body: a call or a batch. undefined if there is nothing to say (notifications only).
 * The calls of a batch run side by side, so that transactions sent together share a block. `report` hears of faults that are not the caller's.
 */
export async function answerBody(
  ledger: EmbeddedLedger,
  body: string,
  report: (error: unknown) => void,
): Promise<RpcAnswer | RpcAnswer[] | undefined> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return errorAnswer(null, new RpcError(rpcCode.parseError, 'parse error'));
  }
  if (!Array.isArray(parsed)) return answerCall(ledger, parsed, report);
  if (parsed.length === 0) return errorAnswer(null, new RpcError(rpcCode.invalidRequest, 'empty batch'));
  if (parsed.length > batchBound) return errorAnswer(null, new RpcError(rpcCode.invalidRequest, `batch of more than ${batchBound} calls`));
  const answers = await Promise.all(parsed.map((call) => answerCall(ledger, call, report)));
  const spoken = answers.filter((answer) => answer !== undefined);
  return spoken.length === 0 ? undefined : spoken;
}

async function answerCall(ledger: EmbeddedLedger, call: unknown, report: (error: unknown) => void): Promise<RpcAnswer | undefined> {
  if (typeof call !== 'object' || call === null || Array.isArray(call)) return invalidRequest(null, 'expected an object');
  const { jsonrpc, method, params, id } = call as Record<string, unknown>;
  const validId = typeof id === 'string' || typeof id === 'number' || id === null;
  const answerId = validId ? (id as Id) : null;
  if (id !== undefined && !validId) return invalidRequest(null, 'id: expected a string or a number');
  if (jsonrpc !== '2.0') return invalidRequest(answerId, 'jsonrpc: expected "2.0"');
  if (typeof method !== 'string') return invalidRequest(answerId, 'method: expected a string');
  const answer = await runMethod(ledger, method, params, answerId, report);
  // A call without an id is a notification and is never answered (specification, section 4.1).
  return id === undefined ? undefined : answer;
}

function invalidRequest(id: Id, message: string): RpcAnswer {
  return errorAnswer(id, new RpcError(rpcCode.invalidRequest, `invalid request: ${message}`));
}

async function runMethod(
  ledger: EmbeddedLedger,
  name: string,
  params: unknown,
  id: Id,
  report: (error: unknown) => void,
): Promise<RpcAnswer> {
  const method = methods.get(name);
  if (method === undefined) {
    return errorAnswer(id, new RpcError(rpcCode.methodNotFound, `the method ${name.slice(0, 64)} does not exist/is not available`));
  }
  if (params !== undefined && !Array.isArray(params))
    return errorAnswer(id, new RpcError(rpcCode.invalidParams, 'params: expected an array'));
  try {
    return { jsonrpc: '2.0', id, result: await method(ledger, params ?? []) };
  } catch (error) {
    if (error instanceof RpcError) return errorAnswer(id, error);
    report(error);
    return errorAnswer(id, new RpcError(rpcCode.internal, error instanceof NodeError ? error.message : 'internal error'));
  }
}
