import { encodeBytes32String, isAddress } from 'ethers';
import { contractNames } from '../deployment/artifacts.ts';
import { readMemberDocument } from '../deployment/member-document.ts';
import { admissionOf } from '../deployment/plan.ts';
import { NodeError } from '../errors.ts';
import { type MemberRole, memberRoles, roleMask } from '../vocabulary.ts';
import type { Action } from './action.ts';
import { seconds } from './duration.ts';

interface Verb {
  readonly usage: string;
  readonly parse: (words: readonly string[]) => Action;
}

/** What the council can be asked for, by the word a person types. */
const verbs: Readonly<Record<string, Verb>> = {
  suspend: {
    usage: 'suspend MEMBER [REASON]',
    parse: ([member, reason = 'council']) => ({ contract: 'member-registry', method: 'suspend', args: [code(member), code(reason)] }),
  },
  resume: {
    usage: 'resume MEMBER',
    parse: ([member]) => ({ contract: 'member-registry', method: 'resume', args: [code(member)] }),
  },
  remove: {
    usage: 'remove MEMBER',
    parse: ([member]) => ({ contract: 'member-registry', method: 'remove', args: [code(member)] }),
  },
  admit: {
    usage: 'admit MEMBER.JSON',
    parse: ([file]) => {
      const document = readMemberDocument(given(file));
      return { contract: 'member-registry', method: 'admit', args: [code(document.id), admissionOf(document)] };
    },
  },
  roles: {
    usage: 'roles MEMBER ROLE,ROLE,…',
    parse: ([member, list]) => ({ contract: 'member-registry', method: 'setRoles', args: [code(member), roleMask(roleList(list))] }),
  },
  parameter: {
    usage: 'parameter NAME VALUE [FROM]',
    parse: ([name, value, from]) => ({
      contract: 'directory',
      method: 'setParameter',
      args: [code(name), number(value), from === undefined ? 0n : unixTime(from)],
    }),
  },
  contract: {
    usage: 'contract NAME ADDRESS',
    parse: ([name, target]) => ({ contract: 'directory', method: 'set', args: [contractCode(name), address(target)] }),
  },
  'approve-model': {
    usage: 'approve-model MODEL VERSION',
    parse: ([model, version]) => ({ contract: 'model-registry', method: 'setApproval', args: [code(model), whole(version), true] }),
  },
  'disapprove-model': {
    usage: 'disapprove-model MODEL VERSION',
    parse: ([model, version]) => ({ contract: 'model-registry', method: 'setApproval', args: [code(model), whole(version), false] }),
  },
  'end-pause': {
    usage: 'end-pause',
    parse: () => ({ contract: 'emergency-pause', method: 'end', args: [] }),
  },
  settings: {
    usage: 'settings QUORUM DELAY VOTING WINDOW',
    parse: ([quorum, delay, votingPeriod, window]) => ({
      contract: 'council',
      method: 'setSettings',
      args: [
        { quorum: whole(quorum), delay: seconds(given(delay)), votingPeriod: seconds(given(votingPeriod)), window: seconds(given(window)) },
      ],
    }),
  },
};

export const actionUsages: readonly string[] = Object.values(verbs).map(({ usage }) => usage);

/** The actions that the words name, several parted by `+`: they are made together or not at all. Errors: NODE_COUNCIL_ACTION, those of readMemberDocument. */
export function parseActions(words: readonly string[]): Action[] {
  const groups: string[][] = [[]];
  for (const word of words) {
    if (word === '+') groups.push([]);
    else groups.at(-1)?.push(word);
  }
  return groups.map(([verb = '', ...rest]) => {
    const found = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (found === undefined) throw new NodeError('NODE_COUNCIL_ACTION', { given: verb, known: Object.keys(verbs).join(' ') });
    if (rest.length > found.usage.split(' ').length - 1) throw new NodeError('NODE_COUNCIL_ACTION', { usage: found.usage });
    try {
      return found.parse(rest);
    } catch (error) {
      if (error instanceof NodeError && error.code !== 'NODE_COUNCIL_ACTION') throw error;
      throw new NodeError('NODE_COUNCIL_ACTION', { usage: found.usage }, { cause: error });
    }
  });
}

const given = (word: string | undefined): string => {
  if (word === undefined) throw new Error('a word is missing');
  return word;
};

/** Codes.sol: 1 to 31 of these. */
function code(word: string | undefined): string {
  if (!/^[A-Za-z0-9.-]{1,31}$/.test(given(word))) throw new Error(`${word} is no code`);
  return encodeBytes32String(given(word));
}

function contractCode(word: string | undefined): string {
  // The Directory does not list itself.
  const known = contractNames.filter((name) => name !== 'directory');
  if (!known.some((name) => name === word)) throw new Error(`contracts are ${known.join(', ')}`);
  return code(word);
}

function address(word: string | undefined): string {
  if (!isAddress(given(word))) throw new Error(`${word} is no address`);
  return given(word);
}

function whole(word: string | undefined): bigint {
  if (!/^\d{1,18}$/.test(given(word))) throw new Error(`${word} is no whole number`);
  return BigInt(given(word));
}

/** A whole number, or a hash that stands for one. */
function number(word: string | undefined): bigint {
  return /^0x[0-9a-f]{64}$/.test(given(word)) ? BigInt(given(word)) : whole(word);
}

function unixTime(word: string): bigint {
  const time = Date.parse(word);
  if (Number.isNaN(time)) throw new Error(`${word} is no time such as 2030-01-01T00:00:00Z`);
  return BigInt(Math.floor(time / 1000));
}

function roleList(word: string | undefined): MemberRole[] {
  const roles = given(word).split(',');
  const wrong = roles.find((role) => !(memberRoles as readonly string[]).includes(role));
  if (wrong !== undefined) throw new Error(`${wrong} is no role; there are ${memberRoles.join(', ')}`);
  return roles as MemberRole[];
}
