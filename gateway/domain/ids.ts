/** Nominal types for every identifier, so that one kind of string can't stand in for another (design.md §1). */
declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** 0x-prefixed lower-case hex of any length. */
export type Hex = `0x${string}`;
/** Short ASCII code of a member, 1 to 31 characters of [a-z0-9.-]; on chain left-aligned in bytes32. */
export type MemberId = Brand<string, 'MemberId'>;
/** Short ASCII code of a dataset, 1 to 31 characters of [a-z0-9.-]. */
export type DatasetId = Brand<string, 'DatasetId'>;
/** bytes32 given by the GrantRegistry. */
export type GrantId = Brand<Hex, 'GrantId'>;
/** bytes32 given by the GrantRegistry to an access request. */
export type RequestId = Brand<Hex, 'RequestId'>;
/** EIP-712 digest of the consent. */
export type ConsentId = Brand<Hex, 'ConsentId'>;
/** Random bytes32 that names a credential; the only thing of it that may ever stand on chain. */
export type CredentialId = Brand<Hex, 'CredentialId'>;
/** Short ASCII code of a scoring model, 1 to 31 characters of [a-z0-9.-]. */
export type ModelId = Brand<string, 'ModelId'>;
/** UUID, chosen by the consumer; one usage, the same in both logs. */
export type UsageId = Brand<string, 'UsageId'>;
/** Poseidon commitment to a subject: bytes32, below the BN254 scalar field order. */
export type SubjectCommitment = Brand<Hex, 'SubjectCommitment'>;
/** EIP-55 address of a chain account or a subject's key. */
export type Address = Brand<Hex, 'Address'>;

const code = /^[a-z0-9.-]{1,31}$/;
const bytes32 = /^0x[0-9a-f]{64}$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const isMemberId = (text: string): text is MemberId => code.test(text);
export const isDatasetId = (text: string): text is DatasetId => code.test(text);
export const isBytes32 = (text: string): text is Hex => bytes32.test(text);
export const isUsageId = (text: string): text is UsageId => uuid.test(text);

/** Whatever the case of the letters: EIP-55 is a checksum, not a part of the address. */
export const sameAddress = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
