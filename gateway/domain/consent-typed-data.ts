import { TypedDataEncoder, verifyTypedData } from 'ethers';
import type { Address, ConsentId, CredentialId, Hex, MemberId, SubjectCommitment } from './ids.ts';
import type { Operation } from './vocabulary.ts';

/** EIP-712 domain of the ConsentRegistry: a signature for one chain or contract is worth nothing on another. */
export const consentDomain = (chainId: number, registry: Address) =>
  ({ name: 'Xinshu Consent', version: '1', chainId, verifyingContract: registry }) as const;
export type ConsentDomain = ReturnType<typeof consentDomain>;

/** Times in seconds, `notAfter` and `deadline` exclusive; `renews` is 32 zero bytes for none; `nonce` 32 random bytes. All JSON. */
export type ConsentMessage = {
  readonly subject: SubjectCommitment;
  readonly key: Address;
  readonly grantee: MemberId;
  readonly scopes: readonly { readonly dataset: string; readonly fields: readonly string[] }[];
  readonly purpose: string;
  readonly operations: readonly Operation[];
  readonly notBefore: number;
  readonly notAfter: number;
  readonly maxUses: number;
  readonly renews: Hex;
  readonly nonce: Hex;
  readonly deadline: number;
};
export type AmendmentMessage = {
  readonly consent: ConsentId;
  readonly revision: number;
  readonly scopes: readonly { readonly dataset: string; readonly fields: readonly string[] }[];
  readonly operations: readonly Operation[];
  readonly notAfter: number;
  readonly maxUses: number;
  readonly deadline: number;
};
export type WithdrawalMessage = { readonly consent: ConsentId };
/** The subject key certifies, off chain, the fresh key of one consent: nothing on chain links two consents of a subject. */
export type KeyCertificateMessage = { readonly subjectKey: Address; readonly consentKey: Address; readonly credential: CredentialId };
/** A subject asks one member for its tagged leaves from number `from` on, at most `count`. */
export type HistoryRequestMessage = {
  readonly consent: ConsentId;
  readonly member: MemberId;
  readonly log: number;
  readonly from: number;
  readonly count: number;
  /** 32 random bytes, the same on every page of one report. */
  readonly report: Hex;
  /** A size of the log that was stated before, to be shown consistent with now; 0 for none. */
  readonly since: number;
  readonly deadline: number;
};

type Types = Record<string, { name: string; type: string }[]>;
const struct = (fields: string) =>
  fields.split(',').map((field) => {
    const [type, name] = field.split(' ') as [string, string];
    return { name, type };
  });

const datasetScope = struct('string dataset,string[] fields');
export const consentTypes: Types = {
  Consent: struct(
    'bytes32 subject,address key,string grantee,DatasetScope[] scopes,string purpose,string[] operations,uint64 notBefore,uint64 notAfter,uint32 maxUses,bytes32 renews,uint256 nonce,uint64 deadline',
  ),
  DatasetScope: datasetScope,
};
export const amendmentTypes: Types = {
  Amendment: struct(
    'bytes32 consent,uint32 revision,DatasetScope[] scopes,string[] operations,uint64 notAfter,uint32 maxUses,uint64 deadline',
  ),
  DatasetScope: datasetScope,
};
export const withdrawalTypes: Types = { Withdrawal: struct('bytes32 consent') };
export const keyCertificateTypes: Types = { KeyCertificate: struct('address subjectKey,address consentKey,bytes32 credential') };
export const historyRequestTypes: Types = {
  HistoryRequest: struct('bytes32 consent,string member,uint32 log,uint64 from,uint64 count,bytes32 report,uint64 since,uint64 deadline'),
};

/** Domains of what is never sent to a contract. */
export const keyCertificateDomain = (chainId: number) => ({ name: 'Xinshu Key Certificate', version: '1', chainId }) as const;
export const historyRequestDomain = (chainId: number) => ({ name: 'Xinshu History Request', version: '1', chainId }) as const;

const digest = (domain: object, types: Types, message: object): Hex => TypedDataEncoder.hash(domain, types, message) as Hex;

/** The consent's id. Throws TypeError when a value does not fit its type. */
export const consentDigest = (domain: ConsentDomain, message: ConsentMessage): ConsentId =>
  digest(domain, consentTypes, message) as ConsentId;

/** Who signed, by ECDSA (65 bytes, low s); undefined for what is no signature. Accounts that are contracts (EIP-1271) can only be asked on chain. */
const recover = (domain: object, types: Types, message: object, signature: string): Address | undefined => {
  try {
    return verifyTypedData(domain, types, message, signature) as Address;
  } catch {
    return undefined;
  }
};
export const recoverWithdrawalSigner = (domain: ConsentDomain, message: WithdrawalMessage, signature: string): Address | undefined =>
  recover(domain, withdrawalTypes, message, signature);
export const recoverCertificateSigner = (chainId: number, message: KeyCertificateMessage, signature: string): Address | undefined =>
  recover(keyCertificateDomain(chainId), keyCertificateTypes, message, signature);
export const recoverHistorySigner = (chainId: number, message: HistoryRequestMessage, signature: string): Address | undefined =>
  recover(historyRequestDomain(chainId), historyRequestTypes, message, signature);
