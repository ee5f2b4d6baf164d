import { encodeChainCode } from '../domain/chain-code.ts';
import type { AmendmentMessage, ConsentMessage } from '../domain/consent-typed-data.ts';
import type { Address, ConsentId, CredentialId, DatasetId, GrantId, Hex, MemberId, ModelId, RequestId } from '../domain/ids.ts';
import { contractProof, type Groth16Proof } from '../domain/points-proof.ts';
import { type Commitment, type GrantScope, type KeyPurpose, type Model, modelOutputs } from '../domain/registry-state.ts';
import { type SessionTerms, sessionMessage } from '../domain/score-session.ts';
import {
  type Grade,
  type Operation,
  operations,
  type Sector,
  type ShareClass,
  sectors,
  shareClasses,
  toMask,
} from '../domain/vocabulary.ts';
import type { LedgerCall } from './ledger.ts';

/**
 * Every call of an institution to the registries, typed. Codes of members, datasets, fields and purposes go in as text, words as words; each builder
 * throws RangeError for text that is no code of 1 to 31 characters. `reason` is bytes32.
 */
const call = (contract: LedgerCall['contract'], method: string, ...args: readonly unknown[]): LedgerCall => ({ contract, method, args });

const codes = (list: readonly string[]): Hex[] => list.map(encodeChainCode);
// Enumerations on chain begin with None (contracts/interfaces/Types.sol).
const ordinal = <T extends string>(words: readonly T[], word: T): number => words.indexOf(word) + 1;
const keyPurposes: readonly KeyPurpose[] = ['sign', 'seal', 'note', 'tls'];

const scopeArgument = (scope: GrantScope) => ({
  fields: codes(scope.fields),
  purposes: codes(scope.purposes),
  operations: toMask(operations, scope.operations),
  notBefore: scope.notBefore,
  notAfter: scope.notAfter,
  quota: scope.quota,
});
export type DatasetField = { readonly name: string; readonly grade: Grade };
const fieldArguments = (fields: readonly DatasetField[]) => fields.map(({ name, grade }) => ({ name: encodeChainCode(name), grade }));

// ---- members
export const setEndpoint = (endpoint: string): LedgerCall => call('member-registry', 'setEndpoint', endpoint);
export const addKey = (purpose: KeyPurpose, suite: string, data: Hex): LedgerCall =>
  call('member-registry', 'addKey', ordinal(keyPurposes, purpose), encodeChainCode(suite), data);
export const retireKey = (index: number): LedgerCall => call('member-registry', 'retireKey', index);
export const rotateAccount = (next: Address): LedgerCall => call('member-registry', 'rotateAccount', next);

// ---- catalog
export type DatasetRegistration = {
  readonly title: string;
  readonly kind: string;
  readonly shareClass: ShareClass;
  readonly operations: readonly Operation[];
  readonly schemaHash: Hex;
  readonly termsHash: Hex;
  readonly fields: readonly DatasetField[];
};
export const registerDataset = (id: DatasetId, registration: DatasetRegistration): LedgerCall =>
  call('data-catalog', 'register', encodeChainCode(id), {
    title: registration.title,
    kind: encodeChainCode(registration.kind),
    shareClass: ordinal(shareClasses, registration.shareClass),
    operations: toMask(operations, registration.operations),
    schemaHash: registration.schemaHash,
    termsHash: registration.termsHash,
    fields: fieldArguments(registration.fields),
  });
export const setPrice = (id: DatasetId, priceFen: bigint): LedgerCall => call('data-catalog', 'setPrice', encodeChainCode(id), priceFen);

export type CatalogPolicy = {
  readonly active: boolean;
  readonly sectors: readonly Sector[];
  readonly purposes: readonly string[];
  readonly operations: readonly Operation[];
  /** Seconds. */
  readonly maxDuration: number;
  /** 0 is unlimited. */
  readonly quota: number;
};
export const setPolicy = (id: DatasetId, policy: CatalogPolicy): LedgerCall =>
  call('data-catalog', 'setPolicy', encodeChainCode(id), {
    active: policy.active,
    // Bit 1 << Sector, and Sector begins with None: bit 0 is never set.
    sectors: toMask(sectors, policy.sectors) << 1,
    purposes: codes(policy.purposes),
    operations: toMask(operations, policy.operations),
    maxDuration: policy.maxDuration,
    quota: policy.quota,
  });
export const amendFields = (id: DatasetId, schemaHash: Hex, fields: readonly DatasetField[]): LedgerCall =>
  call('data-catalog', 'amendFields', encodeChainCode(id), schemaHash, fieldArguments(fields));
export const regrade = (id: DatasetId, field: string, to: Grade, reason: Hex, approver: MemberId, signature: Hex): LedgerCall =>
  call('data-catalog', 'regrade', encodeChainCode(id), encodeChainCode(field), to, reason, encodeChainCode(approver), signature);
export const setTerms = (id: DatasetId, shareClass: ShareClass, allowed: readonly Operation[], termsHash: Hex): LedgerCall =>
  call('data-catalog', 'setTerms', encodeChainCode(id), ordinal(shareClasses, shareClass), toMask(operations, allowed), termsHash);
export const publishVersion = (
  id: DatasetId,
  version: number,
  schemaHash: Hex,
  commitments: readonly Commitment[],
  asOf: number,
): LedgerCall =>
  call(
    'data-catalog',
    'publishVersion',
    encodeChainCode(id),
    version,
    schemaHash,
    commitments.map(({ name, suite, root, size }) => ({ name: encodeChainCode(name), suite: encodeChainCode(suite), root, size })),
    asOf,
  );
export const retireDataset = (id: DatasetId): LedgerCall => call('data-catalog', 'retire', encodeChainCode(id));

// ---- grants
export const requestAccess = (dataset: DatasetId, scope: GrantScope): LedgerCall =>
  call('grant-registry', 'request', encodeChainCode(dataset), scopeArgument(scope));
export const approveAccess = (id: RequestId, scope: GrantScope, priceFen: bigint, termsHash: Hex): LedgerCall =>
  call('grant-registry', 'approve', id, scopeArgument(scope), priceFen, termsHash);
export const declineAccess = (id: RequestId, reason: Hex): LedgerCall => call('grant-registry', 'decline', id, reason);
export const cancelAccess = (id: RequestId): LedgerCall => call('grant-registry', 'cancel', id);
export const amendGrant = (id: GrantId, scope: GrantScope, priceFen: bigint, termsHash: Hex): LedgerCall =>
  call('grant-registry', 'amend', id, scopeArgument(scope), priceFen, termsHash);
export const revokeGrant = (id: GrantId, reason: Hex): LedgerCall => call('grant-registry', 'revoke', id, reason);

// ---- models
export type ModelRegistration = Pick<
  Model,
  'documentHash' | 'output' | 'reasonsToConsumer' | 'minContributors' | 'notBefore' | 'notAfter' | 'parts'
>;
export const registerModel = (id: ModelId, version: number, registration: ModelRegistration): LedgerCall =>
  call('model-registry', 'register', encodeChainCode(id), version, {
    ...registration,
    output: ordinal(modelOutputs, registration.output),
    parts: registration.parts.map((part) => ({ ...part, dataset: encodeChainCode(part.dataset) })),
  });
export const reportLeakage = (id: ModelId, version: number, pinned: number, attainable: number, reportHash: Hex): LedgerCall =>
  call('model-registry', 'reportLeakage', encodeChainCode(id), version, pinned, attainable, reportHash);
export const setPartApproval = (id: ModelId, version: number, dataset: DatasetId, approved: boolean): LedgerCall =>
  call('model-registry', 'setPartApproval', encodeChainCode(id), version, encodeChainCode(dataset), approved);
export const retireModel = (id: ModelId, version: number): LedgerCall => call('model-registry', 'retire', encodeChainCode(id), version);

// ---- scores
/** `commitments` and `signatures` as the contract orders them: the consumer's signature first. */
export const recordSession = (
  terms: SessionTerms,
  commitments: readonly { readonly x: bigint; readonly y: bigint }[],
  signatures: readonly Hex[],
): LedgerCall => call('score-registry', 'record', sessionMessage(terms), commitments, signatures);
export const registerProof = (terms: SessionTerms, index: number, proof: Groth16Proof): LedgerCall =>
  call('score-registry', 'registerProof', sessionMessage(terms), index, contractProof(proof));

// ---- consents, relayed for the subject
export const giveConsent = (consent: ConsentMessage, signature: Hex): LedgerCall => call('consent-registry', 'give', consent, signature);
export const amendConsent = (amendment: AmendmentMessage, signature: Hex): LedgerCall =>
  call('consent-registry', 'amend', amendment, signature);
export const withdrawConsent = (id: ConsentId, key: Address, signature: Hex): LedgerCall =>
  call('consent-registry', 'withdraw', id, key, signature);
export const revokeCredential = (credential: CredentialId): LedgerCall => call('consent-registry', 'revokeCredential', credential);

// ---- audit
export type CheckpointEntry = {
  readonly member: MemberId;
  readonly log: number;
  readonly suite: string;
  readonly size: number;
  readonly root: Hex;
  /** From the last anchored size; empty for the first checkpoint. */
  readonly consistency: readonly Hex[];
  readonly signature: Hex;
};
export const anchorCheckpoints = (entries: readonly CheckpointEntry[]): LedgerCall =>
  call(
    'audit-anchor',
    'anchor',
    entries.map(({ member, log, suite, size, root, consistency, signature }) => ({
      checkpoint: { member: encodeChainCode(member), log, suite: encodeChainCode(suite), size, root },
      consistency,
      signature,
    })),
  );

/** One side of a contradiction; account and signature are null for the last checkpoint anchored on chain. */
export type StatementArgument = {
  readonly size: number;
  readonly root: Hex;
  readonly account: Address | null;
  readonly signature: Hex | null;
};
export type ForkReport = {
  readonly member: MemberId;
  readonly log: number;
  readonly suite: string;
  readonly first: StatementArgument;
  readonly second: StatementArgument;
  readonly extendedRoot: Hex;
  readonly consistency: readonly Hex[];
};
const statementArgument = ({ size, root, account, signature }: StatementArgument) => ({
  size,
  root,
  account: account ?? nobody,
  signature: signature ?? '0x',
});
const nobody = `0x${'0'.repeat(40)}`;
export const reportFork = ({ member, log, suite, first, second, extendedRoot, consistency }: ForkReport): LedgerCall =>
  call('audit-anchor', 'reportFork', {
    member: encodeChainCode(member),
    log,
    suite: encodeChainCode(suite),
    first: statementArgument(first),
    second: statementArgument(second),
    extendedRoot,
    consistency,
  });
