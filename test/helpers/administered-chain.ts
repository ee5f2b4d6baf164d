import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Contract, type ContractTransactionReceipt, JsonRpcProvider, Wallet } from 'ethers';
import { type Artifacts, type ContractName, loadArtifacts } from '../../node/deployment/artifacts.ts';
import { planDeployment } from '../../node/deployment/plan.ts';
import { EmbeddedEngine } from '../../node/engines/embedded/embedded-engine.ts';
import { demoManifest } from '../../node/manifest/demo.ts';
import { startTestLedger, testGenesis } from './embedded-network.ts';
import { testMemberDocuments } from './member-documents.ts';

/** The deployer, who stays the AccessManager's admin in this chain only, so that a test can admit, suspend and replace without a council. */
export const administrator = new Wallet(`0x${'ad'.repeat(32)}`);

export interface AdministeredChain {
  readonly endpoint: string;
  readonly chainId: number;
  readonly engine: EmbeddedEngine;
  readonly contracts: Readonly<Record<ContractName, string>>;
  readonly provider: JsonRpcProvider;
  /** Sends a call from this account and waits for its block. Rejects when it reverts. */
  send(from: Wallet, contract: ContractName, method: string, args: readonly unknown[]): Promise<ContractTransactionReceipt>;
  contract(name: ContractName, at?: string): Contract;
  /** Deploys a second instance of a contract; its address. */
  deploy(name: ContractName, args: readonly unknown[]): Promise<string>;
  /** Stops the engine and starts it again on the same folder and port. */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

/** Not estimated: an estimate is made for the newest block, and a call may cost more in the next. */
const gasLimit = 5_000_000;

let template: Promise<{ readonly dataDir: string; readonly contracts: Readonly<Record<ContractName, string>> }> | undefined;

/** A real embedded ledger on a free port with all contracts and the members of the demo manifest. The founding is done once a process and copied then. */
export async function startAdministeredChain(): Promise<AdministeredChain> {
  const artifacts = loadArtifacts();
  template ??= found(artifacts);
  const founded = await template;
  const dataDir = mkdtempSync(join(tmpdir(), 'xinshu-chain-'));
  cpSync(founded.dataDir, dataDir, { recursive: true });
  let engine = new EmbeddedEngine({ dataDir, port: 0 });
  await engine.start();
  const endpoint = engine.endpoint();
  const provider = new JsonRpcProvider(endpoint, testGenesis.chainId, {
    staticNetwork: true,
    cacheTimeout: -1,
    batchStallTime: 0,
    pollingInterval: 20,
  });
  const contract = (name: ContractName, at: string = founded.contracts[name]) => new Contract(at, artifacts[name].abi, provider);
  return {
    endpoint,
    chainId: testGenesis.chainId,
    get engine() {
      return engine;
    },
    contracts: founded.contracts,
    provider,
    contract,
    send: async (from, name, method, args) => {
      const connected = contract(name).connect(from.connect(provider)) as Contract;
      const sent = await connected.getFunction(method)(...args, { gasPrice: 0, gasLimit });
      return (await sent.wait()) as ContractTransactionReceipt;
    },
    deploy: async (name, args) => {
      const { abi, bytecode } = artifacts[name];
      const data = bytecode + abi.encodeDeploy([...args]).slice(2);
      const sent = await administrator.connect(provider).sendTransaction({ data, gasPrice: 0 });
      return (await sent.wait())?.contractAddress as string;
    },
    restart: async () => {
      await engine.stop();
      engine = new EmbeddedEngine({ dataDir, port: Number(new URL(endpoint).port) });
      await engine.start();
    },
    remove: async () => {
      provider.destroy();
      await engine.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function found(artifacts: Artifacts) {
  const manifest = { ...demoManifest(), chainId: testGenesis.chainId };
  const members = testMemberDocuments(manifest);
  const { engine, dataDir, endpoint } = await startTestLedger();
  const plan = await planDeployment({ manifest, members, artifacts, deployerKey: administrator.privateKey });
  const provider = new JsonRpcProvider(endpoint, testGenesis.chainId, { staticNetwork: true, cacheTimeout: -1 });
  // All but the end of the founding, which hands administration to the council.
  for (const { raw } of plan.steps.slice(0, -2)) await provider.send('eth_sendRawTransaction', [raw]);
  provider.destroy();
  await engine.stop();
  process.once('exit', () => rmSync(dataDir, { recursive: true, force: true }));
  return { dataDir, contracts: plan.contracts };
}
