import { deploy as deployContracts } from '../deployment/deploy.ts';
import { openNetwork } from '../network/open-network.ts';
import { endpointOf } from './endpoint.ts';
import { documentsAt } from './member-documents.ts';
import { answer, type Output } from './output.ts';
import { listing } from './table.ts';

export interface DeployCommandOptions {
  readonly data: string;
  readonly url?: string;
  /** member.json files, folders of `*.json`, or folders that hold a member.json. */
  readonly members: readonly string[];
}

export async function deploy(options: DeployCommandOptions, output: Output): Promise<void> {
  const manifest = openNetwork(options.data);
  const deployment = await deployContracts({
    dataDir: options.data,
    endpoint: await endpointOf(manifest, options.data, options.url),
    members: options.members.flatMap(documentsAt),
    onProgress: ({ done, total, step }) => output.progress(`${done}/${total} ${step}`),
  });
  answer(output, { ok: true, ...deployment }, listing({ chain: String(deployment.chainId), ...deployment.contracts }));
}
