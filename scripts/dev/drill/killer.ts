import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../generate/random.ts';
import type { KeptProcess } from '../process.ts';

export type Kill = {
  readonly name: string;
  /** Answers that the load got since the kill before. */
  readonly answers: number;
  /** It was starting when it was hit. */
  readonly starting: boolean;
};

const pollMs = 20;
const until = async (condition: () => boolean, ms: number): Promise<boolean> => {
  const end = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > end) return false;
    await delay(pollMs);
  }
  return true;
};

const progressMs = 20_000;
const comeBackMs = 60_000;

/** SIGKILL to a random process of the network, `count` times, and what was hit when. Most are hit while they serve, some while they are still starting. */
export const killAround = async (
  processes: readonly KeptProcess[],
  count: number,
  random: Random,
  answers: () => number,
  onKill: (kill: Kill, number: number) => Promise<void> | void,
): Promise<readonly Kill[]> => {
  const kills: Kill[] = [];
  let before = answers();
  for (let number = 1; number <= count; number += 1) {
    // A network that never gets to do anything between two kills would prove little.
    await until(() => answers() >= before + 3, progressMs);
    const target = random.pick(processes);
    const atStart = random.chance(0.2);
    if (!(await until(() => (atStart ? target.pid !== undefined : target.isReady), comeBackMs)))
      throw new Error(`${target.spec.name} did not come back within ${comeBackMs} ms`);
    await delay(random.int(0, atStart ? 300 : 1200));
    if (!(await until(() => target.pid !== undefined, comeBackMs))) throw new Error(`${target.spec.name} did not come back`);
    const kill = { name: target.spec.name, answers: answers() - before, starting: !target.isReady };
    before = answers();
    target.kill('SIGKILL');
    kills.push(kill);
    await onKill(kill, number);
  }
  return kills;
};

/** Until every process serves again. */
export const allReady = async (processes: readonly KeptProcess[]): Promise<void> => {
  for (const one of processes)
    if (!(await until(() => one.isReady, comeBackMs))) throw new Error(`${one.spec.name} did not come back within ${comeBackMs} ms`);
};
