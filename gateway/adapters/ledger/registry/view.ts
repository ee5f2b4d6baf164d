import type { Address, ConsentId, CredentialId, DatasetId, GrantId, Hex, MemberId, ModelId, RequestId } from '../../../domain/ids.ts';
import type {
  AccessRequest,
  Anchor,
  BlockRef,
  Consent,
  Dataset,
  DatasetVersion,
  Grant,
  Member,
  Model,
} from '../../../domain/registry-state.ts';
import type { ParameterName, RegistryView } from '../../../domain/registry-view.ts';
import {
  barKey,
  type ContractRef,
  credentialKey,
  datasetKey,
  type Entities,
  type EntityKind,
  memberKey,
  modelKey,
  versionKey,
} from './entity.ts';
import { accountIndex, anchorsIndex, grantsIndex, pinIndex } from './indexes.ts';
import type { RegistryTables } from './tables.ts';

/** The tables as they stood at one block. */
export class TablesView implements RegistryView {
  readonly block: BlockRef;
  readonly #tables: RegistryTables;
  readonly #at: number;
  readonly #members: number;
  readonly #catalog: number;
  readonly #models: number;

  constructor(tables: RegistryTables, block: BlockRef) {
    this.#tables = tables;
    this.block = block;
    this.#at = block.number;
    this.#members = this.contract('member-registry')?.generation ?? 0;
    this.#catalog = this.contract('data-catalog')?.generation ?? 0;
    this.#models = this.contract('model-registry')?.generation ?? 0;
  }

  /** The contract that serves this name of the Directory. */
  contract(name: string): ContractRef | undefined {
    return this.#tables.getAt('contracts', name, this.#at)?.served.at(-1);
  }

  member(id: MemberId): Member | undefined {
    return this.#tables.getAt('member', memberKey(this.#members, id), this.#at);
  }

  members(): readonly Member[] {
    return this.#list('member', `${this.#members}/`);
  }

  memberByPin(pin: Hex): Member | undefined {
    const wanted = pin.toLowerCase();
    return this.#memberWhere(pinIndex(pin), ({ keys }) =>
      keys.some(
        ({ purpose, data, fromBlock, untilBlock }) =>
          purpose === 'tls' && data === wanted && fromBlock <= this.#at && (untilBlock === 0 || this.#at < untilBlock),
      ),
    );
  }

  memberByAccount(account: Address): Member | undefined {
    const wanted = account.toLowerCase();
    return this.#memberWhere(accountIndex(account), (member) => member.account.toLowerCase() === wanted);
  }

  dataset(id: DatasetId): Dataset | undefined {
    return this.#tables.getAt('dataset', datasetKey(this.#catalog, id), this.#at);
  }

  datasets(): readonly Dataset[] {
    return this.#list('dataset', `${this.#catalog}/`);
  }

  datasetVersion(id: DatasetId, version: number): DatasetVersion | undefined {
    return this.#tables.getAt('datasetVersion', versionKey(this.#catalog, id, version), this.#at);
  }

  request(id: RequestId): AccessRequest | undefined {
    return this.#tables.getAt('request', id, this.#at);
  }

  requests(): readonly AccessRequest[] {
    return this.#list('request', '');
  }

  grant(id: GrantId): Grant | undefined {
    return this.#tables.getAt('grant', id, this.#at);
  }

  grantsOf(dataset: DatasetId, consumer: MemberId): readonly Grant[] {
    return this.#tables
      .indexed(grantsIndex(dataset, consumer))
      .map((key) => this.#tables.getAt('grant', key, this.#at))
      .filter((grant) => grant !== undefined);
  }

  grants(): readonly Grant[] {
    return this.#list('grant', '');
  }

  consent(id: ConsentId): Consent | undefined {
    return this.#tables.getAt('consent', id, this.#at);
  }

  consentBarred(id: ConsentId, key: Address): boolean {
    return this.#tables.getAt('bar', barKey(id, key), this.#at) !== undefined;
  }

  credentialRevoked(issuer: MemberId, credential: CredentialId): boolean {
    return this.#tables.getAt('credential', credentialKey(issuer, credential), this.#at) !== undefined;
  }

  model(id: ModelId, version: number): Model | undefined {
    return this.#tables.getAt('model', modelKey(this.#models, id, version), this.#at);
  }

  models(): readonly Model[] {
    return this.#list('model', `${this.#models}/`);
  }

  latestAnchor(member: MemberId, log: number): Anchor | undefined {
    const key = this.#tables
      .indexed(anchorsIndex(member, log))
      .findLast((anchor) => this.#tables.getAt('anchor', anchor, this.#at) !== undefined);
    return key === undefined ? undefined : this.#tables.getAt('anchor', key, this.#at);
  }

  anchors(member: MemberId, log: number): readonly Anchor[] {
    return this.#tables
      .indexed(anchorsIndex(member, log))
      .map((key) => this.#tables.getAt('anchor', key, this.#at))
      .filter((anchor) => anchor !== undefined);
  }

  /** 0 where the Directory has no such parameter yet. */
  parameter(name: ParameterName): number {
    const history = this.#tables.getAt('parameter', name, this.#at)?.values ?? [];
    let ruling: (typeof history)[number] | undefined;
    for (const value of history) {
      if (value.effectiveFrom <= this.block.time && value.effectiveFrom >= (ruling?.effectiveFrom ?? 0)) ruling = value;
    }
    return ruling === undefined ? 0 : Number(ruling.value);
  }

  /** All of a kind at this block, for checks: decisions ask by id. */
  all<K extends EntityKind>(kind: K): readonly Entities[K][] {
    return [...this.#tables.listAt(kind, this.#at)].map(([, value]) => value);
  }

  #list<K extends 'member' | 'dataset' | 'request' | 'grant' | 'model'>(kind: K, prefix: string) {
    const found = [...this.#tables.listAt(kind, this.#at)];
    return found.filter(([key]) => key.startsWith(prefix)).map(([, value]) => value);
  }

  #memberWhere(index: string, holds: (member: Member) => boolean): Member | undefined {
    for (const key of this.#tables.indexed(index)) {
      const member = key.startsWith(`${this.#members}/`) ? this.#tables.getAt('member', key, this.#at) : undefined;
      if (member !== undefined && holds(member)) return member;
    }
    return undefined;
  }
}
