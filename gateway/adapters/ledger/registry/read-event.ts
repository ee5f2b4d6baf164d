import type { Address, Hex } from '../../../domain/ids.ts';
import type { GrantScope } from '../../../domain/registry-state.ts';
import { fromMask, type Grade, operations, roles } from '../../../domain/vocabulary.ts';
import type { EventArguments, EventValue } from './entity.ts';

/*
 * Reads of event arguments in the types of gateway/domain. All of them are total on what the contracts can emit: a member that writes odd bytes into
 * the chain must not be able to stop every mirror.
 */
const missing = (name: string): never => {
  throw new TypeError(`the event has no argument ${name}`);
};
const value = (args: EventArguments, name: string): EventValue => args[name] ?? missing(name);

export const text = (args: EventArguments, name: string): string => {
  const found = value(args, name);
  return typeof found === 'string' ? found : missing(name);
};
export const hexOf = (args: EventArguments, name: string): Hex => text(args, name) as Hex;
export const addressOf = (args: EventArguments, name: string): Address => text(args, name) as Address;
export const bigintOf = (args: EventArguments, name: string): bigint => {
  const found = value(args, name);
  return typeof found === 'bigint' ? found : missing(name);
};
/** uint64 may hold more than a double: what is beyond 2^53 - 1 seconds, leaves or blocks is all the same. */
export const numberOf = (args: EventArguments, name: string): number => clamp(bigintOf(args, name));
const clamp = (integer: bigint): number => (integer > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(integer));
export const booleanOf = (args: EventArguments, name: string): boolean => value(args, name) === true;

export const codeOf = (args: EventArguments, name: string): string => decodeCode(text(args, name));
export const codesOf = (args: EventArguments, name: string): readonly string[] =>
  listOf(args, name).map((item) => decodeCode(String(item)));

/** bytes32 as text where it is text (ASCII, left-aligned, zero bytes after it), else as it is, in hex. */
export const decodeCode = (bytes32: string): string => {
  const bytes = Buffer.from(bytes32.slice(2), 'hex');
  const end = bytes.findLastIndex((byte) => byte !== 0) + 1;
  const content = bytes.subarray(0, end);
  const printable = end > 0 && end <= 31 && content.every((byte) => byte > 0x20 && byte < 0x7f);
  return printable ? content.toString('ascii') : bytes32;
};

const listOf = (args: EventArguments, name: string): readonly EventValue[] => {
  const found = value(args, name);
  return Array.isArray(found) ? (found as readonly EventValue[]) : missing(name);
};
export const recordsOf = (args: EventArguments, name: string): readonly EventArguments[] => listOf(args, name) as readonly EventArguments[];

/** The word of an enumeration on chain, which begins with None. */
export const wordOf = <T extends string>(args: EventArguments, name: string, words: readonly T[]): T =>
  words[numberOf(args, name) - 1] ?? missing(name);
export const gradeOf = (args: EventArguments, name: string): Grade => numberOf(args, name) as Grade;
export const operationsOf = (args: EventArguments, name: string) => fromMask(operations, numberOf(args, name));
export const rolesOf = (args: EventArguments, name: string) => fromMask(roles, numberOf(args, name));

export const scopeOf = (args: EventArguments, name: string): GrantScope => {
  const scope = value(args, name) as EventArguments;
  return {
    fields: codesOf(scope, 'fields'),
    purposes: codesOf(scope, 'purposes'),
    operations: operationsOf(scope, 'operations'),
    notBefore: numberOf(scope, 'notBefore'),
    notAfter: numberOf(scope, 'notAfter'),
    quota: numberOf(scope, 'quota'),
  };
};

/** An entity that an event changes must have been made by an earlier one; if not, the mirror has not seen the whole history. */
export const known = <T>(entity: T | undefined, what: string): T => {
  if (entity === undefined) throw new TypeError(`an event changes a ${what} that no event made`);
  return entity;
};
