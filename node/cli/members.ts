import { dataFolder } from '../data-folder.ts';
import { readDeploymentFile } from '../deployment/deployment-file.ts';
import { NodeError } from '../errors.ts';
import { readMembers } from '../membership/read-members.ts';
import { connectChain } from '../network/connect-chain.ts';
import { openNetwork } from '../network/open-network.ts';
import { endpointOf } from './endpoint.ts';
import { answer, type Output } from './output.ts';
import { table } from './table.ts';

export async function members({ data, url }: { readonly data: string; readonly url?: string }, output: Output): Promise<void> {
  const manifest = openNetwork(data);
  const deployment = readDeploymentFile(dataFolder(data).deployment);
  if (deployment === undefined) throw new NodeError('NODE_NOT_DEPLOYED', { folder: data });
  const chain = await connectChain(await endpointOf(manifest, data, url), manifest.chainId);
  try {
    const block = await chain.getBlockNumber();
    const found = await readMembers(chain, deployment.contracts['member-registry'], block);
    const rows = found.map(({ id, name, sector, status, roles, keys, endpoint }) => [
      id,
      name,
      sector,
      status,
      roles.join(','),
      keys.join(','),
      endpoint,
    ]);
    answer(output, { ok: true, block, members: found }, table(['id', 'name', 'sector', 'status', 'roles', 'keys', 'endpoint'], rows));
  } finally {
    chain.destroy();
  }
}
