import type { JsonRpcProvider } from 'ethers';
import type { Clock } from '../clock.ts';
import { dataFolder } from '../data-folder.ts';
import { readDeploymentFile } from '../deployment/deployment-file.ts';
import { NodeError, type NodeErrorCode } from '../errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { connectChain } from '../network/connect-chain.ts';
import type { Allowlist } from './allowlist.ts';
import type { AllowlistPort } from './allowlist-port.ts';
import { readFoundingNodes } from './founding-nodes.ts';
import { type KeptInStep, keepInStep } from './keep-in-step.ts';
import { MembershipFollower } from './membership-follower.ts';
import { wantedAllowlist } from './wanted-allowlist.ts';

export interface KeeperOptions {
  /** Folder with manifest.json, nodes.json and, once founded, deployment.json. */
  readonly dataDir: string;
  readonly manifest: Manifest;
  /** JSON-RPC of the node that is kept. */
  readonly endpoint: string;
  readonly port: AllowlistPort;
  readonly clock: Clock;
  /** Looks and says what it would do. */
  readonly dry: boolean;
}

export type KeeperRound =
  | { readonly ok: true; readonly block: number; readonly wanted: Allowlist; readonly kept: KeptInStep }
  | { readonly ok: false; readonly code: NodeErrorCode; readonly error: NodeError };

/** Keeps one node's allowlists in step with the registry, as that node's own final blocks have it. */
export class Keeper {
  readonly #options: KeeperOptions;
  #chain: JsonRpcProvider | undefined;
  #follower: MembershipFollower | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** One look at the registry and the node. A round that fails leaves the allowlists as they were, or better; the next one tries again. */
  async round(): Promise<KeeperRound> {
    const { dataDir, port, dry } = this.#options;
    try {
      const follower = await this.#following();
      const { block, members } = await follower.current();
      const wanted = wantedAllowlist(members, readFoundingNodes(dataFolder(dataDir).nodes));
      return { ok: true, block, wanted, kept: await keepInStep(port, wanted, { dry }) };
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      return { ok: false, code: error.code, error };
    }
  }

  close(): void {
    this.#chain?.destroy();
  }

  /** Neither the node nor the founding need be there when a keeper starts. Errors: NODE_NOT_DEPLOYED and those of connectChain. */
  async #following(): Promise<MembershipFollower> {
    const { dataDir, manifest, endpoint, clock } = this.#options;
    if (this.#follower !== undefined) return this.#follower;
    const deployment = readDeploymentFile(dataFolder(dataDir).deployment);
    if (deployment === undefined) throw new NodeError('NODE_NOT_DEPLOYED', { folder: dataDir });
    this.#chain ??= await connectChain(endpoint, manifest.chainId);
    this.#follower = new MembershipFollower({
      chain: this.#chain,
      registry: deployment.contracts['member-registry'],
      clock,
      maxBlockAge: manifest.parameters['max-block-age'],
    });
    return this.#follower;
  }
}
