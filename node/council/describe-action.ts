import { decodeBytes32String, toBeHex } from 'ethers';
import { rolesOf, sectors } from '../vocabulary.ts';
import type { Action, Words } from './action.ts';
import { clockTime } from './clock-time.ts';
import { shownDuration } from './duration.ts';

type Describe = (args: readonly unknown[]) => Words;

const name = (word: unknown): string => {
  try {
    return decodeBytes32String(word as string);
  } catch {
    return String(word);
  }
};

interface AdmissionArgument {
  readonly sector: bigint;
  readonly roles: bigint;
  readonly account: string;
  readonly name: string;
  readonly endpoint: string;
  readonly keys: readonly unknown[];
}
interface SettingsArgument {
  readonly quorum: bigint;
  readonly delay: bigint;
  readonly votingPeriod: bigint;
  readonly window: bigint;
}

const admitted = (id: string, { sector, roles, account, name: called, endpoint, keys }: AdmissionArgument): Words => {
  const facts = `${called}, ${sectors[Number(sector) - 1] ?? '?'}, ${rolesOf(Number(roles)).join(',')}, ${endpoint}, ${account}`;
  return { en: `admit member ${id} (${facts}, ${keys.length} keys)`, zh: `接纳成员 ${id}（${facts}，密钥 ${keys.length} 把）` };
};

const ruled = ({ quorum, delay, votingPeriod, window }: SettingsArgument): Words => {
  const [d, v, w] = [delay, votingPeriod, window].map((length) => shownDuration(Number(length)));
  return {
    en: `council rules: quorum ${quorum}, delay ${d}, voting ${v}, window ${w}`,
    zh: `理事会规则：法定票数 ${quorum}，等待 ${d}，投票期 ${v}，执行期 ${w}`,
  };
};

/** What no number is that a person means: a hash. */
const shownValue = (value: bigint): string => (value < 2n ** 64n ? String(value) : toBeHex(value, 32));

/** By contract and method, what a call means. */
const descriptions: Readonly<Record<string, Describe>> = {
  'member-registry.suspend': ([id, reason]) => ({
    en: `suspend member ${name(id)} (reason ${name(reason)})`,
    zh: `暂停成员 ${name(id)}（原因 ${name(reason)}）`,
  }),
  'member-registry.resume': ([id]) => ({ en: `resume member ${name(id)}`, zh: `恢复成员 ${name(id)}` }),
  'member-registry.remove': ([id]) => ({ en: `remove member ${name(id)} for good`, zh: `永久移除成员 ${name(id)}` }),
  'member-registry.admit': ([id, admission]) => admitted(name(id), admission as AdmissionArgument),
  'member-registry.setRoles': ([id, mask]) => {
    const roles = rolesOf(Number(mask)).join(',');
    return { en: `roles of member ${name(id)}: ${roles}`, zh: `成员 ${name(id)} 的角色：${roles}` };
  },
  'directory.setParameter': ([of, value, from]) => {
    const at = Number(from);
    const shown = shownValue(value as bigint);
    return {
      en: `parameter ${name(of)} = ${shown}${at === 0 ? '' : ` from ${clockTime(at)}`}`,
      zh: `参数 ${name(of)} = ${shown}${at === 0 ? '' : `，自 ${clockTime(at)} 起`}`,
    };
  },
  'directory.set': ([of, target]) => ({
    en: `contract ${name(of)} becomes ${target}; the old one stays readable`,
    zh: `合约 ${name(of)} 改为 ${target}，旧合约仍可读`,
  }),
  'model-registry.setApproval': ([id, version, approved]) =>
    approved === true
      ? { en: `approve model ${name(id)} version ${version}`, zh: `批准模型 ${name(id)} 第 ${version} 版` }
      : { en: `take back the approval of model ${name(id)} version ${version}`, zh: `撤销模型 ${name(id)} 第 ${version} 版的批准` },
  'emergency-pause.end': () => ({ en: 'end the emergency pause', zh: '结束紧急暂停' }),
  'council.setSettings': ([settings]) => ruled(settings as SettingsArgument),
};

/** What the action does, for a person; of one that has no words here, its contract, method and arguments. */
export function describeAction({ contract, method, args }: Action): Words {
  const describe = descriptions[`${contract}.${method}`];
  if (describe !== undefined) return describe(args);
  const call = `${contract}.${method}(${args.map(String).join(', ')})`;
  return { en: `call ${call}`, zh: `调用 ${call}` };
}
