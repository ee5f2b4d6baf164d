import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gatewayFolder } from '../../dev/gateways.ts';
import { bringUp } from '../../dev/network.ts';
import { KeptProcess } from '../../dev/process.ts';
import { Report } from '../../dev/report.ts';
import { xinshu } from '../../dev/xinshu.ts';
import { defaults, generateSampleData } from '../../generate/sample-data.ts';

const dataset = 'grid-qinchuan.electricity';
const fields = ['period', 'kWh', 'billFen', 'overdueDays'];
const purpose = 'loan-approval';
/** As many as the contract can hold, about: no run uses them up. */
const uses = 4_000_000_000;
const subjects = 4;

type Story = { readonly subject: { readonly type: string; readonly code: string } };

export type QueryNetwork = {
  readonly root: string;
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  /** One call of the client API for each subject: 24 months of four fields, grade 2, under a consent. */
  readonly bodies: readonly string[];
  readonly processes: { readonly bank: KeptProcess; readonly grid: KeptProcess; readonly ledger: KeptProcess };
  stopGateways(): Promise<void>;
  stop(): Promise<void>;
};

/** The dataset published, granted by its policy, and consents of several subjects; by the commands a user types. */
const authorize = async (root: string): Promise<void> => {
  if (existsSync(join(root, 'bodies.json'))) return;
  const passphrase = join(root, 'bench.passphrase');
  if (!existsSync(passphrase)) writeFileSync(passphrase, `${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 });
  process.env.XINSHU_PASSPHRASE_FILE = passphrase;
  const sample = join(root, 'sample');
  await generateSampleData({ ...defaults, subjects: 200, folder: sample });
  const file = (suffix: string): string => join(sample, `grid-qinchuan/${dataset}.${suffix}`);
  await xinshu(root, ['dataset', 'declare', '--as', 'grid.steward', file('schema.json'), '--policy', file('policy.json')]);
  await xinshu(root, ['dataset', 'import', '--as', 'grid.steward', dataset, file('csv')]);
  await xinshu(root, ['grant', 'request', '--as', 'bank.steward', dataset, '--purposes', purpose, '--operations', 'raw', '--days', '180']);
  const stories = (JSON.parse(readFileSync(join(sample, 'stories.json'), 'utf8')) as Story[]).slice(0, subjects);
  const bodies: string[] = [];
  for (const [number, { subject }] of stories.entries()) {
    const name = `bench-${number}`;
    const credential = join(root, `${name}.credential`);
    await xinshu(root, ['subject', 'new', name, '--code', `${subject.type}:${subject.code}`]);
    const issue = ['--subject', name, '--grade', '3', '--method', 'in-person', '--out', credential];
    await xinshu(root, ['credential', 'issue', '--as', 'gov.steward', ...issue]);
    await xinshu(root, ['credential', 'import', credential, '--subject', name]);
    const scope = ['--to', 'bank-changan', '--scope', `${dataset}:${fields.join(',')}`, '--purpose', purpose];
    const give = ['consent', 'give', '--subject', name, ...scope, '--days', '30', '--uses', String(uses), '--yes'];
    const { consent } = await xinshu<{ consent: string }>(root, give);
    bodies.push(JSON.stringify({ subject, dataset, fields, purpose, operation: 'raw', consent }));
  }
  writeFileSync(join(root, 'bodies.json'), JSON.stringify(bodies));
};

const gatewayCli = fileURLToPath(new URL('../../../gateway/cli.ts', import.meta.url));

/** A whole network in `root` (made, or taken up again), of which the ledger and the two gateways that matter keep running. */
export const startQueryNetwork = async (root: string, portBase: number, profile: string | undefined): Promise<QueryNetwork> => {
  mkdirSync(root, { recursive: true });
  const network = await bringUp(root, portBase, new Report(true));
  try {
    await authorize(root);
    await Promise.all([...network.gateways.values()].map((gateway) => gateway.stop()));
    const profiling = profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile];
    const again = async (member: string): Promise<KeptProcess> => {
      const gateway = new KeptProcess({
        name: member,
        args: [...profiling, gatewayCli, 'gateway', 'run', '--dir', gatewayFolder(root, member)],
        logFile: join(root, 'logs', `${member}.log`),
      });
      await gateway.start();
      return gateway;
    };
    const [bank, grid] = [await again('bank-changan'), await again('grid-qinchuan')];
    const profiles = JSON.parse(readFileSync(join(root, 'profiles.json'), 'utf8')) as Record<
      string,
      { gateway: string; tokenFile: string }
    >;
    const { gateway, tokenFile } = profiles['bank.requester']!;
    const stopGateways = async (): Promise<void> => {
      await Promise.all([bank.stop(), grid.stop()]);
    };
    return {
      root,
      origin: gateway,
      headers: {
        authorization: `Bearer ${readFileSync(join(root, tokenFile), 'utf8').trim()}`,
        'content-type': 'application/json',
      },
      bodies: JSON.parse(readFileSync(join(root, 'bodies.json'), 'utf8')) as string[],
      processes: { bank, grid, ledger: network.ledger },
      stopGateways,
      stop: async () => {
        await stopGateways();
        await network.stop();
      },
    };
  } catch (error) {
    await network.stop();
    throw error;
  }
};
