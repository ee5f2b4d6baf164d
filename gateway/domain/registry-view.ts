import type { Address, ConsentId, CredentialId, DatasetId, GrantId, Hex, MemberId, ModelId, RequestId } from './ids.ts';
import type { AccessRequest, Anchor, BlockRef, Consent, Dataset, DatasetVersion, Grant, Member, Model } from './registry-state.ts';

/** Network parameters of the Directory, set at founding and changed by the council (docs/operations.md). */
export type ParameterName =
  | 'max-block-age'
  | 'max-anchor-lag'
  | 'witness-quorum'
  | 'max-witness-lag'
  | 'model-approval'
  | 'min-contributors'
  | 'max-leak-ppm'
  | 'unproven-scores'
  | 'trial-proving-keys'
  | 'refuse-forked';

/**
 * The registries as they stand at one final block. Every read is from the gateway's own mirror: no call to a node, no promise, and the same answer for the
 * same block for ever, after a restart too. Absent is `undefined`.
 */
export interface RegistryView {
  readonly block: BlockRef;
  member(id: MemberId): Member | undefined;
  members(): readonly Member[];
  /** The member that holds this TLS pin (sha-256 of the SPKI, hex) at this block. */
  memberByPin(pin: Hex): Member | undefined;
  memberByAccount(account: Address): Member | undefined;
  dataset(id: DatasetId): Dataset | undefined;
  datasets(): readonly Dataset[];
  datasetVersion(id: DatasetId, version: number): DatasetVersion | undefined;
  request(id: RequestId): AccessRequest | undefined;
  requests(): readonly AccessRequest[];
  grant(id: GrantId): Grant | undefined;
  grantsOf(dataset: DatasetId, consumer: MemberId): readonly Grant[];
  grants(): readonly Grant[];
  consent(id: ConsentId): Consent | undefined;
  /** A withdrawal came before the consent itself; (id, key) can never be given. */
  consentBarred(id: ConsentId, key: Address): boolean;
  credentialRevoked(issuer: MemberId, credential: CredentialId): boolean;
  model(id: ModelId, version: number): Model | undefined;
  models(): readonly Model[];
  latestAnchor(member: MemberId, log: number): Anchor | undefined;
  anchors(member: MemberId, log: number): readonly Anchor[];
  /** Network parameter in force at this block's time. */
  parameter(name: ParameterName): number;
}
