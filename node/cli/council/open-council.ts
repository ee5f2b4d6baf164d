import { join } from 'node:path';
import { encodeBytes32String, type JsonRpcProvider, Wallet } from 'ethers';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { CouncilContracts } from '../../council/contracts.ts';
import { dataFolder } from '../../data-folder.ts';
import { readDeploymentFile } from '../../deployment/deployment-file.ts';
import { NodeError } from '../../errors.ts';
import { readJsonFile } from '../../json-file.ts';
import { readMemberAccounts } from '../../keys/member-accounts.ts';
import { connectChain } from '../../network/connect-chain.ts';
import { openNetwork } from '../../network/open-network.ts';
import { endpointOf } from '../endpoint.ts';

export interface CouncilOptions {
  /** The network's folder, for who runs the chain. */
  readonly data?: string;
  /** A gateway's folder: whose account acts, and where the chain is if there is no `data`. */
  readonly as?: string;
  readonly passphraseFile?: string;
  readonly url?: string;
}

export interface Seat {
  readonly member: string;
  readonly address: string;
  readonly privateKey: string;
}

export interface OpenCouncil {
  readonly chain: JsonRpcProvider;
  readonly contracts: CouncilContracts;
  /** Reads the keystore of `as`. Errors: NODE_USAGE, NODE_MEMBER_KEYSTORE, NODE_PASSPHRASE_UNREADABLE, NODE_ACCOUNT_UNKNOWN. */
  seat(): Promise<Seat>;
}

/** Runs `action` with the council's contracts, and lets go of the chain. Errors besides those of `action`: NODE_USAGE, NODE_NOT_DEPLOYED, NODE_ENGINE_UNREACHABLE, NODE_DATA_*. */
export async function withCouncil(options: CouncilOptions, action: (council: OpenCouncil) => Promise<void>): Promise<void> {
  const { url, chainId, directory } = await whereChainIs(options);
  const chain = await connectChain(url, chainId);
  try {
    const contracts = await CouncilContracts.open(chain, directory);
    await action({ chain, contracts, seat: () => seatOf(options, contracts) });
  } finally {
    chain.destroy();
  }
}

const gatewayConfig = Type.Object({
  ledger: Type.Object({ url: Type.String(), chainId: Type.Integer(), directory: Type.String() }),
});

async function whereChainIs({
  data,
  as,
  url,
}: CouncilOptions): Promise<{ readonly url: string; readonly chainId: number; readonly directory: string }> {
  if (data !== undefined) {
    const manifest = openNetwork(data);
    const deployment = readDeploymentFile(dataFolder(data).deployment);
    if (deployment === undefined) throw new NodeError('NODE_NOT_DEPLOYED', { folder: data });
    return { url: await endpointOf(manifest, data, url), chainId: manifest.chainId, directory: deployment.directory };
  }
  if (as === undefined) throw new NodeError('NODE_USAGE', { reason: '--data FOLDER of a network, or --as FOLDER of a gateway' });
  const config = readJsonFile(join(as, 'config.json'));
  if (!Value.Check(gatewayConfig, config)) throw new NodeError('NODE_USAGE', { option: '--as', reason: `no config.json in ${as}` });
  return { ...config.ledger, url: url ?? config.ledger.url };
}

async function seatOf({ as, passphraseFile }: CouncilOptions, contracts: CouncilContracts): Promise<Seat> {
  if (as === undefined) throw new NodeError('NODE_USAGE', { reason: "--as FOLDER: the data folder of the member's gateway" });
  const { member, accounts } = await readMemberAccounts(as, passphraseFile);
  const current = await contracts.view<string>('member-registry', 'accountOf', [encodeBytes32String(member)]);
  const privateKey = accounts.find((key) => new Wallet(key).address === current);
  if (privateKey === undefined) throw new NodeError('NODE_ACCOUNT_UNKNOWN', { member });
  return { member, address: current, privateKey };
}
