import { once } from 'node:events';
import { createServer } from 'node:net';
import { StartError } from './start-error.ts';

const isFree = async (port: number): Promise<boolean> => {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
};

/** Throws START_PORT_IN_USE naming every port that is taken. */
export const requireFree = async (ports: readonly number[]): Promise<void> => {
  const taken: number[] = [];
  for (const port of ports) if (!(await isFree(port))) taken.push(port);
  if (taken.length > 0) {
    throw new StartError(
      'START_PORT_IN_USE',
      `Taken on 127.0.0.1: ${taken.join(', ')}. Stop what uses them, or choose others with --port-base N.`,
    );
  }
};
