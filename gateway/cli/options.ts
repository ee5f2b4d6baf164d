import { InvalidArgumentError } from 'commander';
import { isBytes32, isUsageId } from '../domain/ids.ts';
import { type Operation, operations, type Role, roles, type StaffRole, staffRoles } from '../domain/vocabulary.ts';

/* Parsers of option values: what they throw ends the command with status 2 and the option's name. */

const wordsOf =
  <T extends string>(known: readonly T[], what: string) =>
  (text: string): T[] => {
    const words = text.split(',').map((word) => word.trim());
    const wrong = words.find((word) => !(known as readonly string[]).includes(word));
    if (wrong !== undefined) throw new InvalidArgumentError(`"${wrong}" is no ${what}; there are ${known.join(', ')}`);
    return words as T[];
  };

export const parseOperations = wordsOf<Operation>(operations, 'operation');
export const parseStaffRoles = wordsOf<StaffRole>(staffRoles, 'staff role');
export const parseMemberRoles = wordsOf<Role>(roles, 'member role');

export const parseList = (text: string): string[] => {
  const words = text.split(',').map((word) => word.trim());
  if (words.some((word) => !/^[A-Za-z0-9.-]{1,31}$/.test(word))) throw new InvalidArgumentError('a comma-separated list of codes');
  return words;
};

export const parseCount = (text: string): number => {
  const value = Number(text);
  if (!/^[0-9]{1,10}$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('a whole number');
  return value;
};

/** A score may be below zero. */
export const parseScore = (text: string): number => {
  if (!/^-?[0-9]{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number');
  return Number(text);
};

export const parseId = (text: string): string => {
  const id = text.toLowerCase();
  if (!isBytes32(id)) throw new InvalidArgumentError('an id of 0x and 64 hex digits');
  return id;
};

export const parseUsage = (text: string): string => {
  if (!isUsageId(text)) throw new InvalidArgumentError('a UUID in lower case');
  return text;
};

/** `--scope DATASET:field,field`, repeatable. */
export type ScopeOption = { readonly dataset: string; readonly fields: readonly string[] | undefined };
export const parseScope = (text: string, before: readonly ScopeOption[] = []): ScopeOption[] => {
  const [dataset = '', fields] = text.split(':', 2) as [string, string | undefined];
  if (!/^[a-z0-9.-]{1,31}$/.test(dataset)) throw new InvalidArgumentError('DATASET or DATASET:field,field');
  return [...before, { dataset, fields: fields === undefined ? undefined : parseList(fields) }];
};

/** `TYPE:CODE`, for example enterprise:91619900MA00000000. */
export const parseSubjectOption = (text: string): { readonly type: string; readonly code: string } => {
  const at = text.indexOf(':');
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError('TYPE:CODE, for example enterprise:91…');
  return { type: text.slice(0, at), code: text.slice(at + 1) };
};

/** Seconds since the epoch of an ISO date or time; a date alone is its first second in UTC. */
export const parseMoment = (text: string): number => {
  const ms = Date.parse(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(ms)) throw new InvalidArgumentError('a date such as 2027-01-31');
  return Math.floor(ms / 1000);
};

/** `NAME=DATASET,NAME=DATASET`. */
export const parseDatasetsByName = (text: string): ReadonlyMap<string, string> => {
  const pairs = text.split(',').map((pair) => pair.trim().split('=') as [string, string | undefined]);
  if (pairs.some(([name, dataset, ...more]) => name === '' || more.length > 0 || !/^[a-z0-9.-]{1,31}$/.test(dataset ?? '')))
    throw new InvalidArgumentError('SECTOR=DATASET,SECTOR=DATASET');
  return new Map(pairs as [string, string][]);
};

/** A positive whole number. */
export const parseVersion = (text: string): number => {
  const version = parseCount(text);
  if (version === 0) throw new InvalidArgumentError('versions begin with 1');
  return version;
};
