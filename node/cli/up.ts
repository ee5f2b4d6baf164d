import { once } from 'node:events';
import { pino } from 'pino';
import { engineOf } from '../network/engine-of.ts';
import { openNetwork } from '../network/open-network.ts';
import { systemClock } from '../system-clock.ts';
import { answer, type Output } from './output.ts';

/** Runs the ledger in the foreground until SIGTERM or SIGINT, or until it can't go on, which is an error. */
export async function up({ data }: { readonly data: string }, output: Output): Promise<void> {
  const manifest = openNetwork(data);
  const { network, chainId } = manifest;
  const log = pino({ name: 'xinshu-node' }, pino.destination({ fd: 2, sync: true }));
  const signalled = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  const interrupt = new AbortController();
  void signalled.then(() => interrupt.abort());
  const ledger = await engineOf(manifest, data).run({ clock: systemClock, log, onProgress: output.progress, signal: interrupt.signal });
  const [first] = ledger.nodes;
  const validators = ledger.nodes.filter(({ member }) => member !== undefined);
  answer(
    output,
    { ok: true, network, chainId, endpoint: first?.endpoint, ...(validators.length > 0 ? { validators } : {}) },
    [
      `${network} (chain ${chainId}) at ${first?.endpoint}; Ctrl-C stops it`,
      ...validators.map(({ member, endpoint }) => `  validator of ${member} at ${endpoint}`),
    ].join('\n'),
  );
  const failed = await Promise.race([ledger.failed, signalled.then(() => undefined)]);
  await ledger.stop();
  if (failed !== undefined) throw failed;
  output.progress('stopped');
}
