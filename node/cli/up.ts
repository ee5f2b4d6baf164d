import { once } from 'node:events';
import { pino } from 'pino';
import { serveEmbeddedLedger } from '../engines/embedded/serve.ts';
import { NodeError } from '../errors.ts';
import { openNetwork } from '../network/open-network.ts';
import { systemClock } from '../system-clock.ts';
import { answer, type Output } from './output.ts';

/** Runs the ledger in the foreground until SIGTERM or SIGINT, or until a block can't be written, which is an error. */
export async function up({ data }: { readonly data: string }, output: Output): Promise<void> {
  const { engine, network, chainId } = openNetwork(data);
  if (engine.kind !== 'embedded') throw new NodeError('NODE_ENGINE_UNSUPPORTED', { engine: engine.kind });
  const log = pino({ name: 'xinshu-node' }, pino.destination({ fd: 2, sync: true }));
  const failure = Promise.withResolvers<NodeError>();
  const signalled = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  const ledger = await serveEmbeddedLedger({
    dataDir: data,
    port: engine.port,
    clock: systemClock,
    report: (error) => log.error({ err: error }, 'fault while answering'),
    onFailure: failure.resolve,
  });
  answer(
    output,
    { ok: true, network, chainId, endpoint: ledger.endpoint },
    `${network} (chain ${chainId}) at ${ledger.endpoint}; Ctrl-C stops it`,
  );
  const failed = await Promise.race([failure.promise, signalled.then(() => undefined)]);
  await ledger.stop();
  if (failed !== undefined) throw failed;
  output.progress('stopped');
}
