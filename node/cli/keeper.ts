import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { NodeError } from '../errors.ts';
import { folderBytes } from '../folder-bytes.ts';
import { Keeper, type KeeperRound } from '../membership/keeper.ts';
import { differenceWords, keptWords, nodeAway } from '../membership/kept-words.ts';
import { engineOf } from '../network/engine-of.ts';
import type { LedgerNode, NetworkEngine } from '../network/network-engine.ts';
import { openNetwork } from '../network/open-network.ts';
import { type KeeperMetrics, keeperMetrics } from '../observability/keeper-metrics.ts';
import { nodeMetrics } from '../observability/node-metrics.ts';
import { type ServedMetrics, serveMetrics } from '../observability/serve-metrics.ts';
import { places } from '../services/places.ts';
import { systemClock } from '../system-clock.ts';
import { answer, type Output } from './output.ts';
import { wholeNumber } from './whole-number.ts';

export interface KeeperCommandOptions {
  readonly data: string;
  readonly member: string;
  readonly nodeFolder?: string;
  readonly url?: string;
  readonly every?: string;
  readonly once?: boolean;
  readonly dryRun?: boolean;
  readonly metricsPort?: string;
}

export async function keeper(options: KeeperCommandOptions, output: Output): Promise<void> {
  const every = wholeNumber('--every', options.every, 1, 3_600) ?? 1;
  const metricsPort = wholeNumber('--metrics-port', options.metricsPort, 1, 65_535);
  const manifest = openNetwork(options.data);
  const engine = engineOf(manifest, options.data);
  if (engine.allowlist === undefined) throw new NodeError('NODE_ENGINE_UNSUPPORTED', { engine: manifest.engine.kind, command: 'keeper' });
  const own = engine.nodes.find(({ member }) => member === options.member);
  if (own === undefined) throw new NodeError('NODE_USAGE', { option: '--member', given: options.member, reason: 'runs no node' });
  const node = { ...own, endpoint: options.url ?? own.endpoint };
  const folder = options.nodeFolder ?? places(manifest.network, options.member).node;
  const dry = options.dryRun === true;
  const port = engine.allowlist(node, folder);
  const kept = new Keeper({ dataDir: options.data, manifest, endpoint: node.endpoint, port, clock: systemClock, dry });
  try {
    if (options.once === true || dry) answerRound(await kept.round(), dry, output);
    else await follow(kept, every, output, metricsPort !== undefined ? { engine, node, folder, port: metricsPort } : undefined);
  } finally {
    kept.close();
  }
}

/** The one round of `--once` or `--dry-run`. Throws the error of one that failed. */
function answerRound(round: KeeperRound, dry: boolean, output: Output): void {
  if (!round.ok) throw round.error;
  const { block, wanted, kept } = round;
  const lines = keptWords(kept, dry);
  const text = [`block ${block}: ${wanted.nodes.length} nodes and ${wanted.accounts.length} accounts allowed`, ...lines];
  answer(
    output,
    { ok: true, block, dry, wanted, ...kept, node: kept.node ?? null },
    [...text, ...(lines.length > 0 ? [] : ['in step'])].join('\n'),
  );
}

interface Watched {
  readonly engine: NetworkEngine;
  readonly node: LedgerNode;
  readonly folder: string;
  readonly port: number;
}

async function follow(kept: Keeper, every: number, output: Output, watched: Watched | undefined): Promise<void> {
  const log = pino({ name: 'xinshu-keeper' }, pino.destination({ fd: 2, sync: true }));
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT']) void once(process, signal).then(() => stop.abort());
  const registry = new Registry();
  const metrics = keeperMetrics(registry);
  const served = watched === undefined ? undefined : await showMetrics(registry, watched);
  try {
    let said = '';
    while (!stop.signal.aborted) {
      said = report(await kept.round(), metrics, log, said);
      await delay(every * 1_000, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  } finally {
    await served?.close();
  }
  output.progress('stopped');
}

/** Logs what changed; a failure, or a node that is away, once, until it is another one or over. Returns how the round ended. */
function report(round: KeeperRound, metrics: KeeperMetrics, log: pino.Logger, said: string): string {
  metrics.round(round, systemClock.now());
  if (!round.ok) {
    if (round.code !== said) log.error({ code: round.code, detail: round.error.detail }, round.error.message);
    return round.code;
  }
  const { block, kept } = round;
  const now = kept.node === undefined ? 'away' : 'in step';
  for (const line of differenceWords('the files', kept.files, false)) log.info({ block }, line);
  if (kept.node !== undefined) for (const line of differenceWords('the node', kept.node, false)) log.info({ block }, line);
  if (now !== said) log.info({ block }, now === 'away' ? nodeAway : now);
  return now;
}

function showMetrics(registry: Registry, { engine, node, folder, port }: Watched): Promise<ServedMetrics> {
  collectDefaultMetrics({ register: registry });
  const metrics = nodeMetrics(registry);
  return serveMetrics(registry, port, async () => {
    const state = await engine.state(node, systemClock).catch((error: unknown) => {
      if (error instanceof NodeError && error.code === 'NODE_ENGINE_UNREACHABLE') return undefined;
      throw error;
    });
    metrics.seen([{ member: node.member, state }]);
    metrics.disk(folder, folderBytes(folder));
  });
}
