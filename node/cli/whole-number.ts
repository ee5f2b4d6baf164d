import { NodeError } from '../errors.ts';

/** A whole number of an option, within bounds; undefined if the option was not given. Errors: NODE_USAGE. */
export function wholeNumber(option: string, given: string | undefined, least: number, most: number): number | undefined {
  if (given === undefined) return undefined;
  const number = Number(given);
  if (!Number.isInteger(number) || number < least || number > most) throw new NodeError('NODE_USAGE', { option, given });
  return number;
}
