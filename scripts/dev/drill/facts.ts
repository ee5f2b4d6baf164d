import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Interface, JsonRpcProvider, zeroPadValue } from 'ethers';
import { systemRandomness } from '../../../gateway/adapters/clock/system.ts';
import { openGatewayStore } from '../../../gateway/adapters/store/open-store.ts';
import type { MemberId } from '../../../gateway/domain/ids.ts';
import { gatewayFolder, shortName } from '../gateways.ts';
import { deploymentOf, type Network } from '../network.ts';
import { tryXinshu, xinshu } from '../xinshu.ts';
import { asked, type DrillSubject } from './consented-network.ts';
import type { Count, Log } from './violations.ts';

type Audit = {
  readonly findings: readonly unknown[];
  readonly logs: readonly { readonly member: string; readonly anchoredSize: number; readonly notAnchored: number }[];
};
type Row = {
  readonly index: number;
  readonly leaf: { readonly step: string; readonly outcome: string; readonly block: number };
  readonly values: Readonly<Record<string, string>> | null;
};

const anchorSeconds = 60;

/** What `xinshu audit` says once every log is anchored whole, or after a minute. */
const auditAnchored = async (root: string): Promise<Audit> => {
  for (let second = 0; ; second += 1) {
    const { value, notes } = await tryXinshu(root, ['audit']);
    if (value === undefined) throw new Error(`the audit failed: ${notes}`);
    const audit = value as Audit;
    if (second >= anchorSeconds || audit.logs.every(({ notAnchored }) => notAnchored === 0)) return audit;
    await delay(1000);
  }
};

/** The logs as the auditor reads them, with the sizes that the audit found under anchored roots. */
export const readLogs = async (root: string, members: readonly string[]): Promise<{ logs: Log[]; findings: readonly unknown[] }> => {
  const audit = await auditAnchored(root);
  const logs: Log[] = [];
  for (const member of members) {
    const rows = await xinshu<Row[]>(root, ['log', 'show', '--as', `${shortName(member)}.auditor`]);
    logs.push({
      member,
      anchoredSize: audit.logs.find((log) => log.member === member)?.anchoredSize ?? 0,
      entries: rows.map(({ index, leaf, values }) => ({
        index,
        step: leaf.step,
        outcome: leaf.outcome,
        block: leaf.block,
        usage: values?.usage ?? '',
        consent: values?.consent,
        dataset: values?.dataset,
      })),
    });
  }
  return { logs, findings: audit.findings };
};

const event = new Interface(['event ConsentWithdrawn(bytes32 indexed id, address indexed key)']).getEvent('ConsentWithdrawn')!;

/** Block of each withdrawal, asked of the chain itself and not of a gateway. */
export const withdrawalBlocks = async ({ root, ledgerUrl }: Network): Promise<ReadonlyMap<string, number>> => {
  const deployment = deploymentOf(root);
  const provider = new JsonRpcProvider(ledgerUrl, deployment?.chainId, { staticNetwork: true, batchMaxCount: 1 });
  try {
    const logs = await provider.getLogs({ fromBlock: 0, toBlock: 'latest', topics: [event.topicHash] });
    return new Map(logs.map(({ topics, blockNumber }) => [zeroPadValue(topics[1] ?? '0x', 32), blockNumber]));
  } finally {
    provider.destroy();
  }
};

/** What the providers' stores counted. The gateways must be down: a store has one owner. */
export const readCounts = async (root: string, subjects: readonly DrillSubject[]): Promise<readonly Count[]> => {
  const counts: Count[] = [];
  for (const { dataset, provider } of asked) {
    const store = await openGatewayStore({
      folder: join(gatewayFolder(root, provider), 'store'),
      member: provider as MemberId,
      log: 0,
      create: false,
      randomness: systemRandomness,
    });
    try {
      for (const { consent } of subjects)
        counts.push({ member: provider, consent, dataset, count: store.audit.count(`consent/${consent}/${dataset}`) });
    } finally {
      await store.close();
    }
  }
  return counts;
};
