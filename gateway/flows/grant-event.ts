import type { Hex } from '../domain/ids.ts';
import type { Included } from '../ports/ledger.ts';

/** The id in the GrantRegistry's event of this name; undefined when the transaction did not emit it. */
export const eventId = (included: Included, name: string): Hex | undefined => {
  const event = included.events.find((candidate) => candidate.contract === 'grant-registry' && candidate.name === name);
  return event === undefined ? undefined : (event.args.id as Hex);
};
