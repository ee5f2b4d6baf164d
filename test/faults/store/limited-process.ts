import { writeSync } from 'node:fs';
import { openGatewayStore } from '../../../gateway/adapters/store/open-store.ts';
import { XinshuError } from '../../../gateway/domain/errors.ts';
import type { MemberId } from '../../../gateway/domain/ids.ts';
import { systemRandomness } from '../../helpers/system-randomness.ts';
import { killedRequest } from './killed-request.ts';

// A process whose files may not grow beyond a limit: appends until writes have failed a few times, and tells what was answered and with what the others failed.
const [folder] = process.argv.slice(2) as [string];
const store = await openGatewayStore({ folder, member: 'gov-credit' as MemberId, log: 1, create: true, randomness: systemRandomness });
let next = 0;
for (let failures = 0; failures < 5; ) {
  const numbers = Array.from({ length: 8 }, () => next++);
  const outcomes = await Promise.allSettled(numbers.map((number) => store.audit.append(killedRequest(number))));
  for (const [place, outcome] of outcomes.entries()) {
    if (outcome.status === 'rejected') continue;
    if (outcome.value.kind === 'refused') throw new Error(outcome.value.refusal.code);
    writeSync(1, `${numbers[place]} ${outcome.value.position.index} ${outcome.value.position.leafHash}\n`);
  }
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed === undefined) continue;
  if (!(failed.reason instanceof XinshuError)) throw failed.reason;
  writeSync(1, `failed ${failed.reason.code}\n`);
  failures += 1;
}
await store.close();
