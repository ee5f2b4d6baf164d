import { dataFolder } from '../data-folder.ts';
import { readDeploymentFile } from '../deployment/deployment-file.ts';
import { NodeError } from '../errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { readMembers } from '../membership/read-members.ts';
import { connectChain } from '../network/connect-chain.ts';
import { engineOf } from '../network/engine-of.ts';
import { nodeStates, type SeenNode } from '../network/node-states.ts';
import { openNetwork } from '../network/open-network.ts';
import { systemClock } from '../system-clock.ts';
import { answer, type Output } from './output.ts';
import { listing, table } from './table.ts';

export async function status({ data, url }: { readonly data: string; readonly url?: string }, output: Output): Promise<void> {
  const manifest = openNetwork(data);
  const engine = engineOf(manifest, data);
  const seen = await nodeStates(engine, systemClock, url);
  const first = seen.find(({ state }) => state !== undefined);
  if (first?.state === undefined)
    throw new NodeError('NODE_ENGINE_UNREACHABLE', { endpoint: seen.map(({ endpoint }) => endpoint).join(' ') });
  const { endpoint, state } = first;
  const { peers: _, ...health } = state;
  const chain = await connectChain(endpoint, manifest.chainId);
  try {
    const deployment = readDeploymentFile(dataFolder(data).deployment);
    const members = deployment === undefined ? [] : await readMembers(chain, deployment.contracts['member-registry'], health.height);
    const active = members.filter((member) => member.status === 'active').length;
    const diskBytes = engine.diskBytes();
    const { kind } = manifest.engine;
    const { finality } = engine;
    const validators = seen.filter(({ member }) => member !== undefined);
    const facts = {
      network: `${manifest.network} (chain ${manifest.chainId})`,
      engine: `${kind} at ${endpoint}, ${health.ok ? 'well' : 'can not write'}`,
      finality: `${finality.kind}: the block named ${finality.tag} is final`,
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
      finality,
      ...health,
      ...(validators.length > 0 ? { validators: validators.map((node) => validatorFacts(manifest, node)) } : {}),
    };
    answer(
      output,
      { ...document, members: { active, all: members.length }, deployment: deployment ?? null, diskBytes },
      validators.length > 0 ? `${listing(facts)}\n\n${validatorTable(manifest, validators)}` : listing(facts),
    );
  } finally {
    chain.destroy();
  }
}

function validatorFacts(manifest: Manifest, { member, endpoint, state }: SeenNode) {
  const sector = manifest.members.find(({ id }) => id === member)?.sector;
  const { ok = false, height = null, headHash = null, headAge = null, peers = null } = state ?? {};
  return { member, sector, endpoint, up: state !== undefined, ok, height, headHash, headAge, peers };
}

function validatorTable(manifest: Manifest, seen: readonly SeenNode[]): string {
  const others = String(seen.length - 1);
  const rows = seen
    .map((node) => validatorFacts(manifest, node))
    .map(({ member = '', sector = '', endpoint, up, ok, height, headAge, peers }) =>
      up
        ? [member, sector, endpoint, ok ? 'well' : 'no blocks', `${peers} of ${others}`, `${height}`, `${headAge} s`]
        : [member, sector, endpoint, 'no answer', '', '', ''],
    );
  return table(['validator', 'sector', 'endpoint', 'state', 'peers', 'height', 'head age'], rows);
}
