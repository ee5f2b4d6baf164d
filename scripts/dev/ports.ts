import { setTimeout as delay } from 'node:timers/promises';
import { isFreePort } from '../../node/engines/free-ports.ts';
import { StartError } from './start-error.ts';

const takenOf = async (ports: readonly number[]): Promise<number[]> => {
  const taken: number[] = [];
  for (const port of ports) if (!(await isFreePort(port))) taken.push(port);
  return taken;
};

/** Throws START_PORT_IN_USE naming every port that is taken, and is still after `patienceMs`. */
export const requireFree = async (ports: readonly number[], patienceMs = 0): Promise<void> => {
  const end = performance.now() + patienceMs;
  let taken = await takenOf(ports);
  while (taken.length > 0 && performance.now() < end) {
    await delay(200);
    taken = await takenOf(taken);
  }
  if (taken.length > 0) {
    throw new StartError(
      'START_PORT_IN_USE',
      `Taken on 127.0.0.1: ${taken.join(', ')}. Stop what uses them, or choose others with --port-base N.`,
    );
  }
};
