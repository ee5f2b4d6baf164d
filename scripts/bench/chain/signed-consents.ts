import { createHash } from 'node:crypto';
import { type Interface, Wallet } from 'ethers';
import { type ConsentMessage, consentDomain, consentTypes } from '../../../gateway/domain/consent-typed-data.ts';
import type { Address, Hex, MemberId, SubjectCommitment } from '../../../gateway/domain/ids.ts';

const digest = (...parts: readonly (string | number)[]): string => createHash('sha256').update(parts.join('/')).digest('hex');

export type ConsentFactory = {
  readonly chainId: number;
  readonly registry: string;
  readonly abi: Interface;
  readonly dataset: string;
  readonly fields: readonly string[];
  /** Seconds. */
  readonly now: number;
};

/** `count` calls of ConsentRegistry.give, each of a subject and key of its own, signed by that key and, as a transaction without gas price, by `relayer`. */
export const signedConsents = async (factory: ConsentFactory, relayer: Wallet, count: number): Promise<string[]> => {
  const { chainId, registry, abi, dataset, fields, now } = factory;
  const domain = consentDomain(chainId, registry as Address);
  const raws: string[] = [];
  for (let nonce = 0; nonce < count; nonce += 1) {
    const key = new Wallet(`0x${digest('key', relayer.address, nonce)}`);
    const consent: ConsentMessage = {
      // Below the field's prime, as a Poseidon commitment is.
      subject: `0x00${digest('subject', relayer.address, nonce).slice(2)}` as SubjectCommitment,
      key: key.address as Address,
      grantee: 'bank-changan' as MemberId,
      scopes: [{ dataset, fields }],
      purpose: 'loan-approval',
      operations: ['raw'],
      notBefore: now,
      notAfter: now + 30 * 86_400,
      maxUses: 3,
      renews: `0x${'00'.repeat(32)}`,
      nonce: `0x${digest('nonce', relayer.address, nonce)}`,
      deadline: now + 86_400,
    };
    const signature = (await key.signTypedData(domain, { ...consentTypes }, consent)) as Hex;
    const data = abi.encodeFunctionData('give', [consent, signature]);
    raws.push(await relayer.signTransaction({ type: 0, chainId, to: registry, data, nonce, gasPrice: 0, gasLimit: 1_000_000 }));
  }
  return raws;
};

/** `count` transfers of nothing: what a transaction costs the ledger without any contract. */
export const signedTransfers = async (chainId: number, from: Wallet, count: number): Promise<string[]> => {
  const raws: string[] = [];
  for (let nonce = 0; nonce < count; nonce += 1)
    raws.push(await from.signTransaction({ type: 0, chainId, to: `0x${'11'.repeat(20)}`, nonce, gasPrice: 0, gasLimit: 21_000 }));
  return raws;
};
