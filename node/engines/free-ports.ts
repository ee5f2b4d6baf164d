import { once } from 'node:events';
import { createServer } from 'node:net';
import { NodeError } from '../errors.ts';

/** Whether a process may listen on the port at 127.0.0.1. */
export async function isFreePort(port: number): Promise<boolean> {
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
}

/** Errors: NODE_PORT_IN_USE with the first port that is taken. A process that is told a taken port may say so late, or never. */
export async function requireFreePorts(ports: readonly number[]): Promise<void> {
  for (const port of ports) if (!(await isFreePort(port))) throw new NodeError('NODE_PORT_IN_USE', { port });
}
