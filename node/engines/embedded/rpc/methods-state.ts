import { bytesToHex } from '@ethereumjs/util';
import { hexNumber } from './format.ts';
import type { RpcMethods } from './method.ts';
import { address, slot, stateBlock } from './params.ts';
import { invalidParams } from './rpc-error.ts';

const padded = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex').padStart(64, '0')}`;

/** Accounts, code and storage at any block. */
export const stateMethods: RpcMethods = {
  eth_getBalance: async ({ chain, reader }, [who, at]) => {
    return hexNumber((await reader.account(stateBlock(chain, at), address(who, 'address'))).balance);
  },

  eth_getTransactionCount: async ({ chain, reader, producer }, [who, at]) => {
    const account = address(who, 'address');
    if (at === 'pending') return hexNumber(await producer.pendingNonce(account.toString()));
    return hexNumber((await reader.account(stateBlock(chain, at), account)).nonce);
  },

  eth_getCode: async ({ chain, reader }, [who, at]) => bytesToHex(await reader.code(stateBlock(chain, at), address(who, 'address'))),

  eth_getStorageAt: async ({ chain, reader }, [who, where, at]) => {
    return padded(await reader.storage(stateBlock(chain, at), address(who, 'address'), slot(where, 'slot')));
  },

  eth_getProof: async ({ chain, reader }, [who, where, at]) => {
    if (!Array.isArray(where) || where.length > 256) throw invalidParams('slots: expected an array of at most 256 slots');
    const slots = where.map((one, index) => slot(one, `slots[${index}]`));
    return reader.proof(stateBlock(chain, at), address(who, 'address'), slots);
  },
};
