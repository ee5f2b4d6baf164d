import { type JsonRpcProvider, type TransactionReceipt, Wallet } from 'ethers';
import { NodeError } from '../errors.ts';
import { callRefusal } from './call-refusal.ts';
import { freshBlock } from './fresh-block.ts';

export interface ContractCall {
  readonly to: string;
  readonly data: string;
}

/** Runs the call on the newest state and changes nothing; the gas that it needs. Errors: those of callRefusal. */
export async function tryCall(chain: JsonRpcProvider, from: string, call: ContractCall): Promise<bigint> {
  await freshBlock(chain);
  try {
    return BigInt((await chain.send('eth_estimateGas', [{ from, ...call, gasPrice: '0x0' }])) as string);
  } catch (error) {
    throw callRefusal(error);
  }
}

/** The same for a caller that is a contract, which signs nothing and so has no estimate (EIP-3607). Errors: those of callRefusal. */
export async function tryView(chain: JsonRpcProvider, from: string, call: ContractCall): Promise<void> {
  await freshBlock(chain);
  try {
    await chain.send('eth_call', [{ from, ...call, gasPrice: '0x0' }, 'latest']);
  } catch (error) {
    throw callRefusal(error);
  }
}

/**
 * Sends one call of an account and waits for its block. Tried first: what the chain would refuse is never sent. The account's gateway may send at the same moment;
 * whoever comes second with a nonce is refused by the node and is to be run again. Errors: those of callRefusal.
 */
export async function sendCall(chain: JsonRpcProvider, privateKey: string, call: ContractCall): Promise<TransactionReceipt> {
  const wallet = new Wallet(privateKey);
  const gas = await tryCall(chain, wallet.address, call);
  const [{ chainId }, nonce] = await Promise.all([chain.getNetwork(), chain.getTransactionCount(wallet.address, 'pending')]);
  // A call may cost more in the block it lands in than on the state it was tried on.
  const raw = await wallet.signTransaction({ type: 0, chainId, nonce, ...call, value: 0, gasPrice: 0, gasLimit: gas * 2n + 100_000n });
  let hash: string;
  try {
    hash = (await chain.send('eth_sendRawTransaction', [raw])) as string;
  } catch (error) {
    throw callRefusal(error);
  }
  const receipt = await chain.waitForTransaction(hash);
  if (receipt?.status === 1) return receipt;
  throw new NodeError('NODE_CALL_REFUSED', { transaction: hash, error: 'reverted' });
}
