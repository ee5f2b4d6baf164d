import type { Block } from '@ethereumjs/block';
import { type Address, createAddressFromString } from '@ethereumjs/util';
import type { Chain } from '../chain.ts';
import { invalidParams, RpcError, rpcCode } from './rpc-error.ts';

/** Readers of JSON-RPC parameters: each gives a value of the right type or throws -32602 that names what is wrong with which parameter. */

export function quantity(value: unknown, name: string): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{1,64}$/.test(value)) throw invalidParams(`${name}: expected a hex quantity`);
  return BigInt(value);
}

export function bytes(value: unknown, name: string): Uint8Array {
  if (typeof value !== 'string' || !/^0x([0-9a-fA-F]{2})*$/.test(value)) throw invalidParams(`${name}: expected hex data`);
  return new Uint8Array(Buffer.from(value.slice(2), 'hex'));
}

export function hash(value: unknown, name: string): Uint8Array {
  const found = bytes(value, name);
  if (found.length !== 32) throw invalidParams(`${name}: expected 32 bytes`);
  return found;
}

/** A storage slot as 32 bytes, given as data or as a quantity. */
export function slot(value: unknown, name: string): Uint8Array {
  return new Uint8Array(Buffer.from(quantity(value, name).toString(16).padStart(64, '0'), 'hex'));
}

export function address(value: unknown, name: string): Address {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(value)) throw invalidParams(`${name}: expected an address`);
  return createAddressFromString(value.toLowerCase());
}

export function record(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidParams(`${name}: expected an object`);
  return value as Record<string, unknown>;
}

/** The number of a block given as tag or quantity; undefined if it is past the head. Every block is final here, so all tags but `earliest` name the head. */
export function blockNumber(chain: Chain, value: unknown): bigint | undefined {
  const head = chain.head.header.number;
  if (value === 'earliest') return 0n;
  if (value === undefined || value === null || ['latest', 'finalized', 'safe', 'pending'].includes(value as string)) return head;
  const number = quantity(value, 'block');
  return number > head ? undefined : number;
}

/** The block whose state is asked for: tag, quantity, or an object with blockNumber or blockHash (EIP-1898). Throws if there is none. */
export function stateBlock(chain: Chain, value: unknown): Block {
  const number = typeof value === 'object' && value !== null ? numberOfObject(chain, record(value, 'block')) : blockNumber(chain, value);
  if (number === undefined) throw new RpcError(rpcCode.server, 'header not found');
  return chain.blockAt(number);
}

function numberOfObject(chain: Chain, value: Record<string, unknown>): bigint | undefined {
  if ('blockHash' in value) return chain.numberOf(hash(value.blockHash, 'block.blockHash'));
  return blockNumber(chain, value.blockNumber);
}
