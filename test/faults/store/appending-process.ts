import { writeSync } from 'node:fs';
import { openGatewayStore } from '../../../gateway/adapters/store/open-store.ts';
import type { MemberId } from '../../../gateway/domain/ids.ts';
import { systemRandomness } from '../../helpers/system-randomness.ts';
import { killedRequest } from './killed-request.ts';

// A process to be killed: appends from the given number on with many callers at once, and writes each acknowledged append as a line.
const [folder, from] = process.argv.slice(2) as [string, string];
const store = await openGatewayStore({ folder, member: 'gov-credit' as MemberId, log: 1, create: true, randomness: systemRandomness });
let next = Number(from);

const caller = async (): Promise<never> => {
  for (;;) {
    const number = next;
    next += 1;
    const outcome = await store.audit.append(killedRequest(number));
    await store.documents.put('usage', String(number), number);
    if (outcome.kind !== 'refused') writeSync(1, `${number} ${outcome.kind} ${outcome.position.index} ${outcome.position.leafHash}\n`);
  }
};
await Promise.all(Array.from({ length: 24 }, caller));
