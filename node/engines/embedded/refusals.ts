/** Why a transaction is not taken in. The texts are those that Ethereum clients know to look for, with what a person needs added. */
export class TransactionRefused extends Error {
  /** JSON-RPC error code: -32000 for what the sender must change, -32005 for what may be tried again later (EIP-1474). */
  readonly code: -32000 | -32005 | -32603;
  constructor(message: string, code: -32000 | -32005 | -32603 = -32000) {
    super(message);
    this.name = 'TransactionRefused';
    this.code = code;
  }
}
