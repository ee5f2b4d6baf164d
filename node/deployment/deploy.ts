import type { JsonRpcProvider } from 'ethers';
import { dataFolder } from '../data-folder.ts';
import { NodeError } from '../errors.ts';
import { connectChain } from '../network/connect-chain.ts';
import { openNetwork } from '../network/open-network.ts';
import { type Artifacts, loadArtifacts } from './artifacts.ts';
import { openDeployerKeystore } from './deployer-keystore.ts';
import { type Deployment, readDeploymentFile, writeDeploymentFile } from './deployment-file.ts';
import { type DeploymentJournal, newJournal, openJournal, writeJournal } from './journal.ts';
import { type MemberDocument, matchMemberDocuments } from './member-document.ts';
import { type DeploymentPlan, type PlannedStep, planDeployment } from './plan.ts';

export interface DeployOptions {
  readonly dataDir: string;
  /** JSON-RPC of the running engine. */
  readonly endpoint: string;
  /** The public documents of all members that the manifest names. */
  readonly members: readonly MemberDocument[];
  readonly artifacts?: Artifacts;
  /** Called before each step that is still to do, and once more at the end with `done` equal to `total`. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly step: string }) => void;
}

/**
 * Deploys the contracts and founds the consortium: names and parameters in the Directory, members admitted, administration handed to the council and
 * given up by the deployer. Stopped anywhere and run again, it goes on, with the same addresses; complete, it only checks and answers.
 * Errors: NODE_ARTIFACTS_MISSING, NODE_MEMBER_DOCUMENT_*, NODE_DEPLOYMENT_*, NODE_PASSPHRASE_UNREADABLE, NODE_KEYSTORE_UNREADABLE, NODE_ENGINE_UNREACHABLE.
 */
export async function deploy(options: DeployOptions): Promise<Deployment> {
  const { dataDir, endpoint, onProgress = () => {} } = options;
  const folder = dataFolder(dataDir);
  const manifest = openNetwork(dataDir);
  const members = matchMemberDocuments(manifest, options.members);
  const artifacts = options.artifacts ?? loadArtifacts();
  const deployerKey = await openDeployerKeystore(folder.deployerKeystore, folder.deployerPassphrase);
  const plan = await planDeployment({ manifest, members, artifacts, deployerKey });
  const chain = await connectChain(endpoint, manifest.chainId);
  try {
    const genesisHash = (await chain.getBlock(0))?.hash ?? '';
    const complete = readDeploymentFile(folder.deployment);
    let journal = openJournal(folder.deploymentJournal, newJournal(plan, manifest.chainId, genesisHash));
    writeJournal(folder.deploymentJournal, journal);
    for (const [index, step] of plan.steps.entries()) {
      if (await isDone(chain, journal, index, step)) continue;
      onProgress({ done: index, total: plan.steps.length, step: step.id });
      await perform(chain, step);
      journal = { ...journal, done: index + 1 };
      writeJournal(folder.deploymentJournal, journal);
    }
    onProgress({ done: plan.steps.length, total: plan.steps.length, step: 'complete' });
    if (complete !== undefined) return complete;
    const deployment = await describe(chain, plan, manifest.chainId, genesisHash);
    writeDeploymentFile(folder.deployment, deployment);
    return deployment;
  } finally {
    chain.destroy();
  }
}

/** Whether this very transaction is in the chain. Another one in its place, or its absence after it was seen, is an error. */
async function isDone(chain: JsonRpcProvider, journal: DeploymentJournal, index: number, step: PlannedStep): Promise<boolean> {
  const receipt = await chain.getTransactionReceipt(step.transaction);
  if (receipt !== null) {
    if (receipt.status !== 1) throw new NodeError('NODE_DEPLOYMENT_STEP_FAILED', { step: step.id, transaction: step.transaction });
    return true;
  }
  const nonce = await chain.getTransactionCount(journal.deployer);
  if (index < journal.done || nonce !== index)
    throw new NodeError('NODE_DEPLOYMENT_CHAIN', { step: step.id, transaction: step.transaction });
  return false;
}

async function perform(chain: JsonRpcProvider, step: PlannedStep): Promise<void> {
  try {
    await chain.send('eth_sendRawTransaction', [step.raw]);
  } catch (error) {
    throw new NodeError('NODE_DEPLOYMENT_STEP_FAILED', { step: step.id }, { cause: error });
  }
  const receipt = await chain.waitForTransaction(step.transaction);
  if (receipt?.status !== 1) throw new NodeError('NODE_DEPLOYMENT_STEP_FAILED', { step: step.id, transaction: step.transaction });
}

async function describe(chain: JsonRpcProvider, plan: DeploymentPlan, chainId: number, genesisHash: string): Promise<Deployment> {
  const first = await chain.getTransactionReceipt((plan.steps[0] as PlannedStep).transaction);
  return {
    version: 1,
    chainId,
    genesisHash,
    directory: plan.contracts.directory,
    contracts: { ...plan.contracts },
    block: first?.blockNumber ?? 0,
  };
}
