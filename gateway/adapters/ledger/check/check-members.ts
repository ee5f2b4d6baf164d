import { encodeChainCode } from '../../../domain/chain-code.ts';
import { memberStatuses, sectors } from '../../../domain/vocabulary.ts';
import { keyPurposes } from '../registry/apply-members.ts';
import { addressOf, codeOf, codesOf, hexOf, numberOf, rolesOf, text, wordOf } from '../registry/read-event.ts';
import type { TablesView } from '../registry/view.ts';
import { fieldsOf, itemsOf, named, type RegistryCheck } from './registry-check.ts';

export function* memberChecks(view: TablesView): Iterable<RegistryCheck> {
  const contract = 'member-registry';
  // Before the Directory names it, there is nobody to ask.
  if (view.contract(contract) === undefined) return;
  const members = view.members();
  yield {
    what: 'members',
    contract,
    of: 'current',
    method: 'memberIds',
    args: [],
    expected: members.map(({ id }) => id),
    found: (answer) => codesOf(named(answer), 'value'),
  };
  for (const { id, keys, formerAccounts, forks, ...member } of members) {
    const args = [encodeChainCode(id)];
    yield {
      what: `member ${id}`,
      contract,
      of: 'current',
      method: 'member',
      args,
      expected: member,
      found: (answer) => {
        const found = fieldsOf(answer);
        return {
          sector: wordOf(found, 'sector', sectors),
          roles: rolesOf(found, 'roles'),
          status: wordOf(found, 'status', memberStatuses),
          account: addressOf(found, 'account'),
          name: text(found, 'name'),
          endpoint: text(found, 'endpoint'),
        };
      },
    };
    yield {
      what: `keys of ${id}`,
      contract,
      of: 'current',
      method: 'keysOf',
      args,
      expected: keys,
      found: (answer) =>
        itemsOf(answer).map((key, index) => ({
          index,
          purpose: wordOf(key, 'purpose', keyPurposes),
          suite: codeOf(key, 'suite'),
          data: hexOf(key, 'data'),
          fromBlock: numberOf(key, 'fromBlock'),
          untilBlock: numberOf(key, 'untilBlock'),
        })),
    };
    yield {
      what: `accounts of ${id}`,
      contract,
      of: 'current',
      method: 'accountsOf',
      args,
      expected: [...formerAccounts, member.account],
      found: (answer) => itemsOf(answer).map((period) => addressOf(period, 'account')),
    };
    yield {
      what: `forks of ${id}`,
      contract,
      of: 'current',
      method: 'forksOf',
      args,
      expected: forks,
      found: (answer) => numberOf(fieldsOf(answer), 'count'),
    };
    yield {
      what: `account of ${id}`,
      contract,
      of: 'current',
      method: 'memberOf',
      args: [member.account],
      expected: view.memberByAccount(member.account)?.id,
      found: (answer) => codeOf(named(answer), 'value'),
    };
  }
}
