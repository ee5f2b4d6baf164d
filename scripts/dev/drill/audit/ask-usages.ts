import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { UsageId } from '../../../../gateway/domain/ids.ts';
import type { Random } from '../../../generate/random.ts';
import type { KeptProcess } from '../../process.ts';
import { asked, type ConsentedNetwork, type DrillSubject } from '../consented-network.ts';
import { send } from '../load.ts';

const lanes = 12;
const patience = 60;

type Asked = (typeof asked)[number];

/** One usage, asked again under its id until something final is heard. */
export const askOne = async (target: ConsentedNetwork, subject: DrillSubject, of: Asked): Promise<UsageId> => {
  const usage = randomUUID() as UsageId;
  for (let attempt = 0; attempt < patience; attempt += 1) {
    const reply = await send(target, { usage, subject, ...of });
    if (reply.kind === 'delivered') return usage;
    if (reply.kind === 'refused') throw new Error(`a usage was refused: ${reply.code}`);
    await delay(250);
  }
  throw new Error('a usage got no answer');
};

/** So many usages of these subjects, by several systems of the bank at once. */
export const askMany = async (
  target: ConsentedNetwork,
  subjects: readonly DrillSubject[],
  count: number,
  random: Random,
): Promise<void> => {
  let left = count;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await askOne(target, random.pick(subjects), random.pick(asked));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
};

/** Kills a process at once; resolves when it serves again. */
export const killed = async (kept: KeptProcess): Promise<void> => {
  const { restarts } = kept;
  kept.kill('SIGKILL');
  while (kept.restarts === restarts || !kept.isReady) await delay(100);
};

/** A request that goes out while its provider is down, and is not asked again. */
export const askInVain = async (target: ConsentedNetwork, subject: DrillSubject, of: Asked): Promise<void> => {
  const provider = target.network.gateways.get(of.provider)!;
  const back = killed(provider);
  const reply = await send(target, { usage: randomUUID(), subject, ...of });
  if (reply.kind !== 'again') throw new Error(`a provider that is down answered: ${JSON.stringify(reply)}`);
  await back;
};
