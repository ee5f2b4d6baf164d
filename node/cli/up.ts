import { once } from 'node:events';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { engineOf } from '../network/engine-of.ts';
import type { NetworkEngine } from '../network/network-engine.ts';
import { nodeStates } from '../network/node-states.ts';
import { openNetwork } from '../network/open-network.ts';
import { nodeMetrics } from '../observability/node-metrics.ts';
import { type ServedMetrics, serveMetrics } from '../observability/serve-metrics.ts';
import { systemClock } from '../system-clock.ts';
import { answer, type Output } from './output.ts';
import { wholeNumber } from './whole-number.ts';

export interface UpOptions {
  readonly data: string;
  readonly metricsPort?: string;
}

/** Runs the ledger in the foreground until SIGTERM or SIGINT, or until it can't go on, which is an error. */
export async function up({ data, metricsPort }: UpOptions, output: Output): Promise<void> {
  const port = wholeNumber('--metrics-port', metricsPort, 1, 65_535);
  const manifest = openNetwork(data);
  const { network, chainId } = manifest;
  const log = pino({ name: 'xinshu-node' }, pino.destination({ fd: 2, sync: true }));
  const signalled = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  const interrupt = new AbortController();
  void signalled.then(() => interrupt.abort());
  const engine = engineOf(manifest, data);
  const ledger = await engine.run({ clock: systemClock, log, onProgress: output.progress, signal: interrupt.signal });
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
  try {
    const metrics = port === undefined ? undefined : await ledgerMetrics(engine, data, port);
    const failed = await Promise.race([ledger.failed, signalled.then(() => undefined)]);
    await metrics?.close();
    if (failed !== undefined) throw failed;
  } finally {
    await ledger.stop();
  }
  output.progress('stopped');
}

function ledgerMetrics(engine: NetworkEngine, data: string, port: number): Promise<ServedMetrics> {
  const registry = new Registry();
  const metrics = nodeMetrics(registry);
  return serveMetrics(registry, port, async () => {
    metrics.seen(await nodeStates(engine, systemClock));
    metrics.disk(data, engine.diskBytes());
  });
}
