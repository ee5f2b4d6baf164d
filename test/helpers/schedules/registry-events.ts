import { contractInterfaces } from '../../../gateway/adapters/ledger/contract-interfaces.ts';
import { eventDecoder } from '../../../gateway/adapters/ledger/registry/decode-log.ts';
import type { RegistryEvent } from '../../../gateway/adapters/ledger/registry/entity.ts';
import { encodeChainCode } from '../../../gateway/domain/chain-code.ts';
import type { Address, Hex } from '../../../gateway/domain/ids.ts';
import { operations as operationWords, roles as roleWords, toMask } from '../../../gateway/domain/vocabulary.ts';
import type { ContractName } from '../../../gateway/ports/ledger.ts';
import { addressOf, datasetIdOf, digest, type Ids, memberIds, secondsAt, signKeyOf } from './chain-words.ts';
import { amended, type ModelState } from './model.ts';
import {
  type Act,
  type ConsentPlan,
  datasetNames,
  fieldNames,
  type GrantPlan,
  type GrantTerms,
  memberNames,
  type Scope,
} from './schedule.ts';

const registries = ['directory', 'member-registry', 'data-catalog', 'grant-registry', 'consent-registry'] as const;
type Registry = (typeof registries)[number];
const decoders = new Map(registries.map((name) => [name as ContractName, eventDecoder(contractInterfaces[name])]));

/** An event as a gateway reads it from the chain: encoded by the contract's ABI and decoded by the mirror. */
const event = (registry: Registry, name: string, ...values: readonly unknown[]): RegistryEvent => {
  const { topics, data } = contractInterfaces[registry].encodeEventLog(name, values);
  const decoded = decoders.get(registry)?.(topics as Hex[], data as Hex);
  if (decoded === undefined) throw new Error(`no event ${name}`);
  return { contract: { name: registry, generation: 1, address: addressOf(registry) as Address }, ...decoded };
};

const none = `0x${'0'.repeat(64)}`;
const code = encodeChainCode;
const mask = (operations: readonly string[]): number => toMask(operationWords, operations as never);
const scopesOf = (scopes: readonly Scope[]) => scopes.map(({ dataset, fields }) => [code(datasetIdOf(dataset)), fields.map(code)]);
const scopeOf = (terms: GrantTerms) => [
  terms.fields.map(code),
  terms.purposes.map(code),
  mask(terms.operations),
  secondsAt(terms.from),
  secondsAt(terms.until),
  terms.quota,
];

const grades = { meter: 2, loan: 3, open: 1 } as const;
const shareClass = { meter: 2, loan: 2, open: 1 } as const;

/** The registries before a schedule: members with their roles and keys, datasets with one version each. */
export const foundation: readonly RegistryEvent[] = [
  ...registries.slice(1).map((name) => event('directory', 'ContractSet', code(name), 1, addressOf(name))),
  ...memberNames.flatMap((name, place) => {
    const roles = {
      bank: ['consumer', 'issuer'],
      rival: ['consumer', 'issuer'],
      grid: ['provider'],
      authority: ['issuer'],
      bureau: ['issuer'],
    } as const;
    const id = code(memberIds[name]);
    return [
      event(
        'member-registry',
        'MemberAdmitted',
        id,
        1,
        toMask(roleWords, [...roles[name]]),
        addressOf('account', place),
        name,
        'https://127.0.0.1:1',
      ),
      event('member-registry', 'KeyAdded', id, 0, 1, code('ed25519'), signKeyOf(name), 1),
    ];
  }),
  ...datasetNames.flatMap((name) => {
    const id = code(datasetIdOf(name));
    const owner = code(memberIds.grid);
    return [
      event(
        'data-catalog',
        'DatasetRegistered',
        id,
        owner,
        name,
        code(name),
        shareClass[name],
        mask(['raw', 'score']),
        digest(1),
        digest(2),
        digest(3),
      ),
      event(
        'data-catalog',
        'FieldsSet',
        id,
        digest(1),
        fieldNames.map((field) => [code(field), grades[name]]),
        grades[name],
      ),
      event('data-catalog', 'VersionPublished', id, 1, digest(1), [[code('records'), code('rfc6962-sha256'), digest(4), 2]], secondsAt(-5)),
    ];
  }),
];

/** What the contracts emit when they take an act; `state` as it was before. */
export const eventsOf = (ids: Ids, state: ModelState, act: Act): readonly RegistryEvent[] => {
  switch (act.act) {
    case 'give': {
      const plan = state.schedule.consents[act.consent] as ConsentPlan;
      const { scopes, purpose, operations, from, until, maxUses, renews } = plan;
      const id = ids.consent(act.consent);
      const terms = [scopesOf(scopes), code(purpose), mask(operations), secondsAt(from), secondsAt(until), maxUses];
      const old = renews === undefined ? none : ids.consent(renews);
      const given = event(
        'consent-registry',
        'ConsentGiven',
        id,
        ids.commitment(act.consent),
        ids.key(act.consent),
        code(memberIds[plan.grantee]),
        ...terms,
        old,
      );
      return renews === undefined ? [given] : [given, event('consent-registry', 'ConsentRenewed', old, id)];
    }
    case 'amend': {
      const { revision, terms } = amended(state, act.consent, act.cut);
      const { scopes, operations, until, maxUses } = terms;
      const id = ids.consent(act.consent);
      return [
        event(
          'consent-registry',
          'ConsentAmended',
          id,
          revision,
          scopesOf(scopes),
          mask(operations),
          secondsAt(until),
          Math.max(0, maxUses),
        ),
      ];
    }
    case 'withdraw': {
      const name = state.consents[act.consent] === undefined ? 'ConsentBarred' : 'ConsentWithdrawn';
      return [event('consent-registry', name, ids.consent(act.consent), ids.key(act.consent))];
    }
    case 'grant': {
      const plan = state.schedule.grants[act.grant] as GrantPlan;
      const [dataset, consumer, scope] = [code(datasetIdOf(plan.dataset)), code(memberIds[plan.consumer]), scopeOf(plan)];
      const [id, request] = [ids.grant(act.grant), ids.request(act.grant)];
      return [
        event('grant-registry', 'AccessRequested', request, dataset, consumer, scope),
        event('grant-registry', 'Granted', id, request, dataset, code(memberIds.grid), consumer, scope, plan.price, digest(2), false),
      ];
    }
    case 'amendGrant': {
      const version = (state.grants[act.grant]?.version ?? 0) + 1;
      return [event('grant-registry', 'GrantAmended', ids.grant(act.grant), version, scopeOf(act.terms), act.terms.price, digest(2))];
    }
    case 'revokeGrant':
      return [event('grant-registry', 'GrantRevoked', ids.grant(act.grant), digest(5))];
    case 'suspend':
      return [event('member-registry', 'MemberSuspended', code(memberIds[act.member]), digest(5))];
    case 'resume':
      return [event('member-registry', 'MemberResumed', code(memberIds[act.member]))];
    case 'revokeCredential': {
      const issuers = { plain: 'authority', brief: 'authority', bureau: 'bureau', own: 'bank' } as const;
      return [event('consent-registry', 'CredentialRevoked', code(memberIds[issuers[act.credential]]), ids.credential(act.credential))];
    }
    case 'retire':
      return [event('data-catalog', 'DatasetRetired', code(datasetIdOf(act.dataset)))];
  }
};
