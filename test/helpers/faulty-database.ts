import { basename } from 'node:path';
import { type Database, type OpenDatabase, openDatabase } from '../../gateway/adapters/store/database.ts';

/**
 * What happens to one durable write. `fails`: nothing is written. `lies`: it is written and reported failed. `dies before`, `dies after`: the same two, and the
 * process never does anything to its databases again.
 */
export const faults = ['fails', 'lies', 'dies before', 'dies after'] as const;
export type Fault = (typeof faults)[number];
export type Part = 'entries' | 'opening-keys';

export type Faults = {
  readonly open: OpenDatabase;
  /** The fault strikes the next write to this part after `skip` good ones. */
  strike(fault: Fault, part: Part, skip?: number): void;
  /** Takes back a fault that found no write to strike. */
  calm(): void;
  /** This many openings fail from now on. */
  refuseOpenings(count: number): void;
  /** How many faults were met. */
  struck(): number;
};

const broken = (): Error => new Error('injected fault');

/** The real database with faults at its writes and openings. `die` ends the process where a fault says so; without it the databases only play dead. */
export const faultyDatabases = (die?: () => void): Faults => {
  let planned: { fault: Fault; part: Part; skip: number } | undefined;
  let refusals = 0;
  let struck = 0;
  let dead = false;

  const batch = async (database: Database, part: string, writes: Parameters<Database['batch']>[0]): Promise<void> => {
    if (dead) throw broken();
    if (planned?.part !== part) return database.batch(writes);
    if (planned.skip > 0) {
      planned.skip -= 1;
      return database.batch(writes);
    }
    const { fault } = planned;
    planned = undefined;
    struck += 1;
    if (fault === 'lies' || fault === 'dies after') await database.batch(writes);
    dead = fault.startsWith('dies');
    if (dead) die?.();
    throw broken();
  };

  return {
    open: async (folder) => {
      if (dead || refusals > 0) {
        refusals -= 1;
        throw broken();
      }
      const database = await openDatabase(folder);
      return { ...database, batch: (writes) => batch(database, basename(folder), writes) };
    },
    strike: (fault, part, skip = 0) => {
      planned = { fault, part, skip };
    },
    calm: () => {
      planned = undefined;
    },
    refuseOpenings: (count) => {
      refusals = count;
    },
    struck: () => struck,
  };
};
