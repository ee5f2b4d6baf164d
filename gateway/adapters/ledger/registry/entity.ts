import type { Address, ConsentId, CredentialId, MemberId } from '../../../domain/ids.ts';
import type { AccessRequest, Anchor, Consent, Dataset, DatasetVersion, Grant, Member, Model } from '../../../domain/registry-state.ts';

/** A contract that serves, or once served, a name of the Directory. `generation` is the version under which the address first served it. */
export type ContractRef = { readonly name: string; readonly generation: number; readonly address: Address };
/** All contracts of a name, the oldest first; the last is the one that serves it. The same address may serve again. */
export type Contracts = { readonly name: string; readonly served: readonly ContractRef[] };
export type ParameterHistory = {
  readonly name: string;
  readonly values: readonly { readonly value: bigint; readonly effectiveFrom: number }[];
};

/** What the mirror holds, by kind. Members, datasets and models live in a generation of their registry; everything else has ids that no other contract gives. */
export type Entities = {
  member: Member;
  dataset: Dataset;
  datasetVersion: DatasetVersion;
  request: AccessRequest;
  grant: Grant;
  consent: Consent;
  bar: { readonly consent: ConsentId; readonly key: Address };
  credential: { readonly issuer: MemberId; readonly credential: CredentialId; readonly block: number };
  anchor: Anchor;
  model: Model;
  contracts: Contracts;
  parameter: ParameterHistory;
};
export type EntityKind = keyof Entities;
export const entityKinds: readonly EntityKind[] = [
  'member',
  'dataset',
  'datasetVersion',
  'request',
  'grant',
  'consent',
  'bar',
  'credential',
  'anchor',
  'model',
  'contracts',
  'parameter',
];

/** A new version of one entity. */
export type Change = { readonly [K in EntityKind]: { readonly kind: K; readonly key: string; readonly value: Entities[K] } }[EntityKind];

/** The newest version of each entity, before the event that is being applied. */
export interface Latest {
  get<K extends EntityKind>(kind: K, key: string): Entities[K] | undefined;
}

/** An event of a registry, decoded: addresses EIP-55, other bytes lower-case hex, integers as bigint, structs as records. */
export type RegistryEvent = { readonly contract: ContractRef; readonly name: string; readonly args: EventArguments };
export type EventValue = string | bigint | boolean | readonly EventValue[] | { readonly [name: string]: EventValue };
export type EventArguments = { readonly [name: string]: EventValue };

export const memberKey = (generation: number, id: string): string => `${generation}/${id}`;
export const datasetKey = (generation: number, id: string): string => `${generation}/${id}`;
export const versionKey = (generation: number, id: string, version: number): string => `${generation}/${id}/${version}`;
export const modelKey = (generation: number, id: string, version: number): string => `${generation}/${id}/${version}`;
export const barKey = (consent: string, key: string): string => `${consent}/${key.toLowerCase()}`;
export const credentialKey = (issuer: string, credential: string): string => `${issuer}/${credential.toLowerCase()}`;
export const anchorKey = (generation: number, member: string, log: number, suite: string, size: number): string =>
  `${generation}/${member}/${log}/${suite}/${size}`;
