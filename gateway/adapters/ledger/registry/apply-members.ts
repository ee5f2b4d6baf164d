import type { Hex, MemberId } from '../../../domain/ids.ts';
import type { KeyPurpose, Member } from '../../../domain/registry-state.ts';
import { sectors } from '../../../domain/vocabulary.ts';
import { type Change, type Latest, memberKey, type RegistryEvent } from './entity.ts';
import { addressOf, codeOf, hexOf, known, numberOf, rolesOf, text, wordOf } from './read-event.ts';

export const keyPurposes: readonly KeyPurpose[] = ['sign', 'seal', 'note', 'tls'];

/** IMemberRegistry's events. */
export const applyMembers = (latest: Latest, { contract, name, args }: RegistryEvent): readonly Change[] => {
  // Events inherited from libraries name no entity.
  if (args.id === undefined) return [];
  const id = codeOf(args, 'id') as MemberId;
  const key = memberKey(contract.generation, id);
  const put = (value: Member): readonly Change[] => [{ kind: 'member', key, value }];
  const member = (): Member => known(latest.get('member', key), 'member');
  switch (name) {
    case 'MemberAdmitted':
      return put({
        id,
        sector: wordOf(args, 'sector', sectors),
        roles: rolesOf(args, 'roles'),
        status: 'active',
        account: addressOf(args, 'account'),
        formerAccounts: [],
        name: text(args, 'name'),
        endpoint: text(args, 'endpoint'),
        keys: [],
        forks: 0,
      });
    case 'KeyAdded': {
      const added = {
        index: numberOf(args, 'index'),
        purpose: wordOf(args, 'purpose', keyPurposes),
        suite: codeOf(args, 'suite'),
        data: hexOf(args, 'data') as Hex,
        fromBlock: numberOf(args, 'fromBlock'),
        untilBlock: 0,
      };
      return put({ ...member(), keys: [...member().keys, added] });
    }
    case 'KeyRetired': {
      const index = numberOf(args, 'index');
      const untilBlock = numberOf(args, 'untilBlock');
      return put({ ...member(), keys: member().keys.map((held) => (held.index === index ? { ...held, untilBlock } : held)) });
    }
    case 'MemberSuspended':
      return put({ ...member(), status: 'suspended' });
    case 'MemberResumed':
      return put({ ...member(), status: 'active' });
    case 'MemberRemoved':
      return put({ ...member(), status: 'left' });
    case 'RolesChanged':
      return put({ ...member(), roles: rolesOf(args, 'roles') });
    case 'EndpointChanged':
      return put({ ...member(), endpoint: text(args, 'endpoint') });
    case 'AccountRotated':
      return put({
        ...member(),
        account: addressOf(args, 'to'),
        formerAccounts: [...member().formerAccounts, addressOf(args, 'from')],
      });
    case 'ForkEvidenced':
      return put({ ...member(), forks: numberOf(args, 'count') });
    default:
      return [];
  }
};
