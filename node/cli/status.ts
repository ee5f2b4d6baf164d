import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from '../data-folder.ts';
import { readDeploymentFile } from '../deployment/deployment-file.ts';
import { embeddedFinality } from '../engines/embedded/finality.ts';
import { fetchHealth } from '../engines/fetch-health.ts';
import { readMembers } from '../membership/read-members.ts';
import { connectChain } from '../network/connect-chain.ts';
import { openNetwork } from '../network/open-network.ts';
import { endpointOf } from './endpoint.ts';
import { answer, type Output } from './output.ts';
import { listing } from './table.ts';

export async function status({ data, url }: { readonly data: string; readonly url?: string }, output: Output): Promise<void> {
  const manifest = openNetwork(data);
  const endpoint = endpointOf(manifest, url);
  const health = await fetchHealth(endpoint);
  const chain = await connectChain(endpoint, manifest.chainId);
  try {
    const deployment = readDeploymentFile(dataFolder(data).deployment);
    const members = deployment === undefined ? [] : await readMembers(chain, deployment.contracts['member-registry'], health.height);
    const active = members.filter((member) => member.status === 'active').length;
    const diskBytes = folderBytes(dataFolder(data).ledger);
    const { kind } = manifest.engine;
    const facts = {
      network: `${manifest.network} (chain ${manifest.chainId})`,
      engine: `${kind} at ${endpoint}, ${health.ok ? 'well' : 'can not write'}`,
      finality: `${embeddedFinality.kind}: the block named ${embeddedFinality.tag} is final`,
      height: `${health.height}, ${health.headAge} s old, ${health.pending} transactions waiting`,
      members: deployment === undefined ? 'not founded yet' : `${active} active of ${members.length}`,
      contracts:
        deployment === undefined ? 'not deployed yet' : `${Object.keys(deployment.contracts).length}, Directory ${deployment.directory}`,
      disk: `${(diskBytes / 1_048_576).toFixed(1)} MiB`,
    };
    const document = {
      network: manifest.network,
      chainId: manifest.chainId,
      engine: kind,
      endpoint,
      finality: embeddedFinality,
      ...health,
    };
    answer(output, { ...document, members: { active, all: members.length }, deployment: deployment ?? null, diskBytes }, listing(facts));
  } finally {
    chain.destroy();
  }
}

function folderBytes(folder: string): number {
  // A file may be compacted away between listing and looking.
  return readdirSync(folder).reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}
