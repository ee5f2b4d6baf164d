import { dataFolder } from '../../data-folder.ts';
import { readDeploymentFile } from '../../deployment/deployment-file.ts';
import { NodeError } from '../../errors.ts';
import { readMembers } from '../../membership/read-members.ts';
import { connectChain } from '../../network/connect-chain.ts';
import { openNetwork } from '../../network/open-network.ts';
import { endpointOf } from '../endpoint.ts';
import { documentsAt } from '../member-documents.ts';

export interface AccountOptions {
  readonly members?: readonly string[];
  readonly data?: string;
  readonly url?: string;
}

/** Accounts of the members by id, from their documents or from the chain. Errors: NODE_USAGE, NODE_NOT_DEPLOYED and those of either source. */
export async function readAccounts({ members, data, url }: AccountOptions): Promise<ReadonlyMap<string, string>> {
  if (members !== undefined) return new Map(members.flatMap(documentsAt).map(({ id, account }) => [id, account]));
  if (data === undefined) throw new NodeError('NODE_USAGE', { reason: '--members PATH… or --data FOLDER of a network' });
  const manifest = openNetwork(data);
  const deployment = readDeploymentFile(dataFolder(data).deployment);
  if (deployment === undefined) throw new NodeError('NODE_NOT_DEPLOYED', { folder: data });
  const chain = await connectChain(await endpointOf(manifest, data, url), manifest.chainId);
  try {
    const found = await readMembers(chain, deployment.contracts['member-registry'], await chain.getBlockNumber());
    return new Map(found.map(({ id, account }) => [id, account]));
  } finally {
    chain.destroy();
  }
}
