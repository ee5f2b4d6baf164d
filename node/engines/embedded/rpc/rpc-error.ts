/** An error answer of JSON-RPC 2.0. Codes: the specification's section 5.1; -32000 and -32005 as EIP-1474; 3 for a reverted call, as geth answers it. */
export class RpcError extends Error {
  readonly code: number;
  readonly data: string | undefined;
  constructor(code: number, message: string, data?: string) {
    super(message);
    this.name = 'RpcError';
    this.code = code;
    this.data = data;
  }
}

export const rpcCode = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  server: -32000,
  limitExceeded: -32005,
  reverted: 3,
} as const;

export function invalidParams(message: string): RpcError {
  return new RpcError(rpcCode.invalidParams, message);
}
