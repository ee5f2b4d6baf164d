import type { ContractName } from '../../../ports/ledger.ts';
import type { EventArguments, EventValue } from '../registry/entity.ts';

/**
 * One question to a contract and what the mirror expects as its answer. Where a name was served by several contracts, all are asked and `isAbsent` tells those
 * that know nothing of it. `found` brings the answer into the form of `expected`.
 */
export type RegistryCheck = {
  readonly what: string;
  readonly contract: ContractName;
  /** Only the contract that serves the name now, or the one that knows. */
  readonly of: 'current' | 'any';
  readonly method: string;
  readonly args: readonly unknown[];
  readonly expected: unknown;
  readonly found: (answer: EventValue) => unknown;
  readonly isAbsent?: (answer: EventValue) => boolean;
};

/** A function's only output is unnamed; the readers of arguments want a name. */
export const named = (value: EventValue): EventArguments => ({ value });
export const fieldsOf = (value: EventValue): EventArguments => value as EventArguments;
export const itemsOf = (value: EventValue): readonly EventArguments[] => value as readonly EventArguments[];
