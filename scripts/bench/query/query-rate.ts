import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandomness } from '../../../gateway/adapters/clock/system.ts';
import { openGatewayStore } from '../../../gateway/adapters/store/open-store.ts';
import type { MemberId, UsageId } from '../../../gateway/domain/ids.ts';
import type { LeafStep } from '../../../gateway/domain/usage-leaf.ts';
import { gatewayFolder } from '../../dev/gateways.ts';
import type { Bench, Line } from '../measure/line.ts';
import { processorSeconds } from '../measure/machine.ts';
import { type LimitSizes, startLimitLine } from './limit-line.ts';
import { LoadGenerator, type LoadJob, type LoadOutcome } from './load-job.ts';
import { type QueryNetwork, startQueryNetwork } from './query-network.ts';

/** Queries under way at saturation: more only makes them wait longer. */
const inFlight = 64;
/** What a gateway's configuration says by default. */
const peerConnections = 32;
/** Code that has not run some thousand times is not compiled yet. */
const warmUpSeconds = 20;

const attachment = async (root: string, member: string, usage: UsageId, step: LeafStep): Promise<Uint8Array> => {
  const folder = join(gatewayFolder(root, member), 'store');
  const store = await openGatewayStore({ folder, member: member as MemberId, log: 0, create: false, randomness: systemRandomness });
  try {
    const found = await store.audit.recall(usage, step);
    if (!(found?.attachment instanceof Uint8Array)) throw new Error(`${member} has no ${step} entry of ${usage}`);
    return found.attachment;
  } finally {
    await store.close();
  }
};

/** How large the messages between the gateways were, from what both keep of one query. */
const sizesOf = async ({ root }: QueryNetwork, { lastAnswer, answerBytes }: LoadOutcome): Promise<LimitSizes> => {
  const { usage } = JSON.parse(lastAnswer) as { usage: UsageId };
  const served = JSON.parse(Buffer.from(await attachment(root, 'grid-qinchuan', usage, 'served')).toString('utf8')) as { request: string };
  const response = await attachment(root, 'bank-changan', usage, 'received');
  return { requestBytes: served.request.length, responseBytes: response.length, answerBytes };
};

type Measured = { readonly outcome: LoadOutcome; readonly facts: Readonly<Record<string, string>> };

const perQuery = (seconds: number, queries: number): string => ((seconds * 1000) / queries).toFixed(2);

/** One stretch of load, with the processor time that each process took for a query. */
const stretch = async (load: LoadGenerator, job: LoadJob, { processes }: QueryNetwork): Promise<Measured> => {
  const { bank, grid, ledger } = processes;
  const now = (): number[] => [bank, grid, ledger].map(({ pid }) => processorSeconds(pid));
  const before = now();
  const outcome = await load.run(job);
  const used = now().map((seconds, place) => perQuery(seconds - (before[place] as number), outcome.answered));
  const loader = perQuery(outcome.processorSeconds, outcome.answered);
  return { outcome, facts: { 'CPU ms per query': `bank ${used[0]}, grid ${used[1]}, ledger ${used[2]}, load ${loader}` } };
};

const measure = async (network: QueryNetwork, load: LoadGenerator, seconds: number, folder: string): Promise<Line[]> => {
  const { origin, headers, bodies } = network;
  const job = { origin, path: '/v1/queries', headers, bodies };
  const closed = { kind: 'closed', inFlight } as const;
  await load.run({ ...job, seconds: warmUpSeconds, pace: closed });
  const full = await stretch(load, { ...job, seconds, pace: closed }, network);
  const open = { kind: 'open', perSecond: full.outcome.perSecond / 2, seed: 'half' } as const;
  const half = await stretch(load, { ...job, seconds, pace: open }, network);
  await network.stopGateways();

  const sizes = await sizesOf(network, full.outcome);
  const limit = await startLimitLine(folder, peerConnections, sizes);
  try {
    const echo = { ...job, origin: limit.origin, path: '/' };
    await load.run({ ...echo, seconds: warmUpSeconds, pace: closed });
    const fullEcho = await load.run({ ...echo, seconds, pace: closed });
    const halfEcho = await load.run({ ...echo, seconds, pace: open });
    const line = (what: string, { outcome, facts }: Measured, echoed: LoadOutcome): Line => ({
      what,
      perSecond: outcome.perSecond,
      latency: outcome.latency,
      limit: { what: 'bare echo', perSecond: echoed.perSecond, latency: echoed.latency },
      facts,
    });
    const bytes = `request ${sizes.requestBytes}, response ${sizes.responseBytes}, answer ${sizes.answerBytes}`;
    const { 'CPU ms per query': cpu } = full.facts;
    return [
      line(`query, ${inFlight} in flight`, { ...full, facts: { 'CPU ms per query': cpu ?? '', bytes } }, fullEcho),
      line('query, at half of that load', half, halfEcho),
    ];
  } finally {
    await limit.stop();
  }
};

/** Authorized queries through two gateway processes and a ledger process, from a load generator in a fourth. */
export const queryRate: Bench = async ({ seconds, data, profile, portBase }) => {
  const folder = await mkdtemp(join(tmpdir(), 'xinshu-bench-'));
  const load = new LoadGenerator();
  try {
    const network = await startQueryNetwork(data ?? join(folder, 'network'), portBase, profile);
    try {
      return await measure(network, load, seconds, folder);
    } finally {
      await network.stop();
    }
  } finally {
    await load.close();
    await rm(folder, { recursive: true, force: true });
  }
};
