// A process to be killed: makes one durable write of a world that is there, and says as lines what it was told.
import { writeSync } from 'node:fs';
import { type Fault, faultyDatabases } from '../../helpers/faulty-database.ts';
import { openWorld, type Place, type Said } from './world.ts';
import { durableWrites } from './writes.ts';

export type Cell = { readonly place: Place; readonly write: string; readonly fault: Fault };

const { place, write: name, fault } = JSON.parse(Buffer.from(process.argv[2]!, 'base64url').toString()) as Cell;
const say = (said: Said): void => {
  writeSync(1, `${JSON.stringify(said)}\n`);
};
const databases = faultyDatabases(() => process.kill(process.pid, 'SIGKILL'));
const world = await openWorld(place, databases.open, say);
const write = durableWrites.find((each) => each.name === name)!;
if (write.at !== 'node') databases.strike(fault, write.at, write.skip);
await write.act(world, say);
