import { Contract, Interface, JsonRpcProvider, type Wallet } from 'ethers';
import { Level } from 'level';
import type { DatasetId } from '../../../gateway/domain/ids.ts';
import { registerDataset } from '../../../gateway/ports/ledger-calls.ts';
import { dataFolder } from '../../../node/data-folder.ts';
import { loadArtifacts } from '../../../node/deployment/artifacts.ts';
import { startEngine } from '../../../node/network/start-engine.ts';
import { startTestChain } from '../../../test/helpers/chain.ts';
import { testAccount } from '../../../test/helpers/member-documents.ts';
import { compileContracts } from '../../dev/compile.ts';
import { type Bench, type Line, latencyOf } from '../measure/line.ts';
import { processorSeconds } from '../measure/machine.ts';
import { type BatchShape, secondsOfSyncedBatches } from '../measure/synced-batches.ts';
import { RpcSender } from './rpc-sender.ts';
import { signedConsents, signedTransfers } from './signed-consents.ts';

const dataset = 'grid-qinchuan.electricity';
const fields = ['period', 'kWh', 'billFen', 'overdueDays'];
/** Transactions sent in one body, and bodies under way at once. */
const together = 50;
const underWay = 2;
/** Transactions of a line for each second that a stretch should last. */
const perSecond = { alone: 50, batched: 150 };

/** Everything in the ledger's database: a block only adds to it. */
const contents = async (folder: string): Promise<Map<string, number>> => {
  const level = new Level<Buffer, Buffer>(folder, { keyEncoding: 'buffer', valueEncoding: 'buffer' });
  await level.open();
  const found = new Map<string, number>();
  for await (const [key, value] of level.iterator()) found.set(key.toString('latin1'), value.length);
  await level.close();
  return found;
};

/** Shape of a block's batch as far as it can be seen afterwards: what was added, shared out evenly. */
const evenly = (added: BatchShape, blocks: number): BatchShape[] => {
  const shapes: [number, number][][] = Array.from({ length: blocks }, () => []);
  for (const [place, [key, value]] of added.entries()) shapes[place % blocks]?.push([key, value]);
  return shapes;
};

type Sent = { readonly seconds: number; readonly milliseconds: readonly number[] };

const send = async (rpc: RpcSender, raws: readonly string[], size: number, parallel: number): Promise<Sent> => {
  const groups: string[][] = [];
  for (let from = 0; from < raws.length; from += size) groups.push(raws.slice(from, from + size));
  const milliseconds: number[] = [];
  const start = performance.now();
  const sender = async (): Promise<void> => {
    for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
      const since = performance.now();
      await rpc.calls(
        'eth_sendRawTransaction',
        group.map((raw) => [raw]),
      );
      milliseconds.push(...group.map(() => performance.now() - since));
    }
  };
  await Promise.all(Array.from({ length: parallel }, sender));
  return { seconds: (performance.now() - start) / 1000, milliseconds };
};

type Prepared = { readonly what: string; readonly raws: readonly string[]; readonly size: number; readonly parallel: number };

/** Transactions a second of the embedded ledger process, answered when durable; signed beforehand, as callers do it on machines of their own. */
export const chainRate: Bench = async ({ seconds, note }) => {
  const [one, many] = [perSecond.alone * seconds, perSecond.batched * seconds];
  await compileContracts();
  const chain = await startTestChain();
  try {
    const { chainId, contracts } = chain.deployment;
    const artifacts = loadArtifacts();
    const provider = new JsonRpcProvider(chain.endpoint, chainId, { staticNetwork: true, cacheTimeout: -1, batchStallTime: 0 });
    const registration = registerDataset(dataset as DatasetId, {
      title: 'Electricity',
      kind: 'electricity',
      shareClass: 'conditional',
      operations: ['raw'],
      schemaHash: `0x${'01'.repeat(32)}`,
      termsHash: `0x${'02'.repeat(32)}`,
      fields: fields.map((name) => ({ name, grade: 2 })),
    });
    const catalog = new Contract(contracts['data-catalog'], artifacts['data-catalog'].abi, testAccount('grid-qinchuan').connect(provider));
    await (await catalog.getFunction(registration.method)(...registration.args, { gasPrice: 0 })).wait();
    const now = (await provider.getBlock('latest'))?.timestamp ?? 0;
    provider.destroy();

    note('signing the transactions');
    const registry = contracts['consent-registry'];
    const factory = { chainId, registry, abi: new Interface(artifacts['consent-registry'].abi.fragments), dataset, fields, now };
    const account = (name: string): Wallet => testAccount(`bench-${name}`);
    const prepared: Prepared[] = [
      { what: 'transfers, one at a time', raws: await signedTransfers(chainId, account('a'), one), size: 1, parallel: 1 },
      { what: 'transfers, batched', raws: await signedTransfers(chainId, account('b'), many), size: together, parallel: underWay },
      { what: 'consents, one at a time', raws: await signedConsents(factory, account('c'), one), size: 1, parallel: 1 },
      { what: 'consents, batched', raws: await signedConsents(factory, account('d'), many), size: together, parallel: underWay },
    ];
    await chain.engine.stop();
    const lines: Line[] = [];
    for (const one of prepared) lines.push(await measure(chain.dataDir, one));
    return lines;
  } finally {
    await chain.remove();
  }
};

const measure = async (dataDir: string, { what, raws, size, parallel }: Prepared): Promise<Line> => {
  const { ledger } = dataFolder(dataDir);
  const before = await contents(ledger);
  const engine = await startEngine(dataDir, { port: 0 });
  const rpc = new RpcSender(engine.endpoint());
  let sent: Sent;
  let blocks: number;
  let processor = 0;
  try {
    const height = async (): Promise<number> => Number((await rpc.calls('eth_blockNumber', [[]]))[0]);
    const first = await height();
    const used = processorSeconds(engine.pid);
    sent = await send(rpc, raws, size, parallel);
    processor = processorSeconds(engine.pid) - used;
    blocks = (await height()) - first;
    await succeeded(rpc, raws, first);
  } finally {
    await rpc.close();
    await engine.stop();
  }
  const added = [...(await contents(ledger))].filter(([key]) => !before.has(key)).map(([key, value]) => [key.length, value] as const);
  const raw = await secondsOfSyncedBatches(evenly(added, blocks));
  const bytes = added.reduce((sum, [key, value]) => sum + key + value, 0);
  return {
    what,
    perSecond: raws.length / sent.seconds,
    latency: latencyOf(sent.milliseconds),
    limit: { what: 'the same batches, raw', perSecond: raws.length / raw },
    facts: {
      'CPU ms per transaction': ((processor * 1000) / raws.length).toFixed(2),
      'transactions in a block': (raws.length / blocks).toFixed(1),
      'bytes of a transaction': Math.round(bytes / raws.length),
    },
  };
};

/** A reverted transaction is in a block too, and would be cheaper than the one that was meant. */
const succeeded = async (rpc: RpcSender, raws: readonly string[], first: number): Promise<void> => {
  const head = Number((await rpc.calls('eth_blockNumber', [[]]))[0]);
  let found = 0;
  for (let number = first + 1; number <= head; number += 1) {
    const [block] = (await rpc.calls('eth_getBlockByNumber', [[`0x${number.toString(16)}`, false]])) as [{ transactions: string[] }];
    const receipts = await rpc.calls(
      'eth_getTransactionReceipt',
      block.transactions.map((hash) => [hash]),
    );
    found += (receipts as { status: string }[]).filter(({ status }) => status === '0x1').length;
  }
  if (found !== raws.length) throw new Error(`${found} of ${raws.length} transactions succeeded`);
};
