import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GatewayClient, gatewayClient } from '../../../gateway/cli/gateway-client.ts';
import { type NetworkFile, readNetwork } from '../../../gateway/cli/network-file.ts';
import { readProfile } from '../../../gateway/cli/profiles.ts';
import { shortName } from '../../dev/gateways.ts';
import { bringUp } from '../../dev/network.ts';
import type { Report } from '../../dev/report.ts';
import { xinshu } from '../../dev/xinshu.ts';
import type { Reference } from './read-reference.ts';
import { modelId, policy, purpose, referenceModel, type SectorDataset, sectorDatasets } from './sectors.ts';

export type ReferenceNetwork = {
  readonly file: NetworkFile;
  readonly datasets: readonly SectorDataset[];
  as(profile: string): GatewayClient;
  stop(): Promise<void>;
};

const yearSeconds = 365 * 86_400;

const publish = async (root: string, datasets: readonly SectorDataset[]): Promise<void> => {
  const folder = join(root, 'reference');
  mkdirSync(folder, { recursive: true });
  await Promise.all(
    datasets.map(async ({ provider, schema, csv }) => {
      const file = (name: string, text: string): string => {
        const path = join(folder, `${schema.id}.${name}`);
        writeFileSync(path, text);
        return path;
      };
      const as = ['--as', `${shortName(provider)}.steward`];
      const declaration = file('json', JSON.stringify({ schema, policy }));
      await xinshu(root, ['dataset', 'declare', ...as, declaration]);
      await xinshu(root, ['dataset', 'import', ...as, schema.id, file('csv', csv)]);
      const terms = ['--purposes', purpose, '--operations', 'score', '--days', '180'];
      await xinshu(root, ['grant', 'request', '--as', 'bank.steward', schema.id, ...terms]);
    }),
  );
};

/** The bank is the model's owner: it may see all points, and no provider's features. */
const agree = async (root: string, reference: Reference, datasets: readonly SectorDataset[]): Promise<void> => {
  const now = Math.floor(Date.now() / 1000);
  const file = join(root, 'reference', 'model.json');
  writeFileSync(file, JSON.stringify(referenceModel(reference, datasets, { notBefore: now - 86_400, notAfter: now + yearSeconds })));
  await xinshu(root, ['model', 'register', '--as', 'bank.steward', file]);
  await xinshu(root, ['model', 'deliver', '--as', 'bank.steward', modelId, '--auditors', 'audit-office']);
  await xinshu(root, ['model', 'leakage', '--as', 'audit.auditor', modelId]);
  await Promise.all(datasets.map(({ provider }) => xinshu(root, ['model', 'approve', '--as', `${shortName(provider)}.steward`, modelId])));
};

/** A network of the demo consortium in an empty folder, a dataset of the reference at each of four gateways, and the scorecard agreed on as a model. */
export const startReferenceNetwork = async (
  root: string,
  portBase: number,
  reference: Reference,
  report: Report,
): Promise<ReferenceNetwork> => {
  // A thousand people consent from one address.
  const network = await bringUp(root, portBase, report, { gateways: new Map() }, { limits: { subjectRatePerMinute: 1_000_000 } });
  try {
    const datasets = sectorDatasets(reference);
    await report.step('publish', `Publishing ${datasets.length} datasets of ${reference.applicants.length} applicants`, () =>
      publish(root, datasets),
    );
    await report.step('model', 'Registering the scorecard, and having every provider approve its part', () =>
      agree(root, reference, datasets),
    );
    const as = (profile: string): GatewayClient => {
      const { gateway, token } = readProfile(root, profile);
      return gatewayClient(gateway, token, 'en');
    };
    return { file: readNetwork(root), datasets, as, stop: network.stop };
  } catch (error) {
    await network.stop();
    throw error;
  }
};
