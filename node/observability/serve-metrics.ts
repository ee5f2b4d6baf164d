import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Registry } from 'prom-client';
import { NodeError } from '../errors.ts';

export interface ServedMetrics {
  readonly port: number;
  close(): Promise<void>;
}

/** Shows the registry at /metrics on 127.0.0.1. `refresh` runs before each answer. Port 0 takes a free one. Errors: NODE_PORT_IN_USE. */
export async function serveMetrics(
  registry: Registry,
  port: number,
  refresh: () => Promise<void> = async () => {},
): Promise<ServedMetrics> {
  const server = createServer(async (request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    try {
      await refresh();
      response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
    } catch {
      // A scrape that fails shows as `up` 0; half the truth would show as the whole.
      response.writeHead(500).end();
    }
  });
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch (error) {
    throw new NodeError('NODE_PORT_IN_USE', { port }, { cause: error });
  }
  return {
    port: (server.address() as { port: number }).port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
