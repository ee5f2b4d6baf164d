import { concat, encodeBytes32String, getCreateAddress, keccak256, Wallet } from 'ethers';
import type { Manifest } from '../manifest/manifest.ts';
import { keyPurposeNumber, roleMask, sectorNumber } from '../vocabulary.ts';
import { type Artifacts, type ContractName, contractNames } from './artifacts.ts';
import type { MemberDocument } from './member-document.ts';

export interface PlanInputs {
  readonly manifest: Manifest;
  /** In the manifest's order. */
  readonly members: readonly MemberDocument[];
  readonly artifacts: Artifacts;
  /** Hex private key of the deployer, an account used for nothing else. */
  readonly deployerKey: string;
}

export interface PlannedStep {
  /** Such as `deploy council` or `admit bank-changan`. */
  readonly id: string;
  readonly raw: string;
  readonly transaction: string;
}

export interface DeploymentPlan {
  readonly deployer: string;
  readonly contracts: Readonly<Record<ContractName, string>>;
  readonly steps: readonly PlannedStep[];
}

/** Gas of every step: fixed, since it is part of the transaction's hash. */
const stepGas = 20_000_000;

/** AccessManager's ADMIN_ROLE. */
const adminRole = 0n;

/**
 * Founding as a fixed list of transactions of one account with nonces from 0. Signatures are deterministic (RFC 6979), so the same inputs give the same
 * hashes and addresses each time, and what has been done is told by looking for a hash on chain.
 */
export async function planDeployment(inputs: PlanInputs): Promise<DeploymentPlan> {
  const wallet = new Wallet(inputs.deployerKey);
  const contracts = Object.fromEntries(
    contractNames.map((name, nonce) => [name, getCreateAddress({ from: wallet.address, nonce })]),
  ) as Record<ContractName, string>;
  const steps: PlannedStep[] = [];
  for (const [nonce, { id, to, data }] of plannedCalls(inputs, contracts, wallet.address).entries()) {
    const request = {
      type: 0,
      nonce,
      gasPrice: 0,
      gasLimit: stepGas,
      chainId: inputs.manifest.chainId,
      value: 0,
      data,
      ...(to === undefined ? {} : { to }),
    };
    const raw = await wallet.signTransaction(request);
    steps.push({ id, raw, transaction: keccak256(raw) });
  }
  return { deployer: wallet.address, contracts, steps };
}

interface PlannedCall {
  readonly id: string;
  readonly to?: string;
  readonly data: string;
}

function plannedCalls(inputs: PlanInputs, contracts: Readonly<Record<ContractName, string>>, deployer: string): PlannedCall[] {
  const { manifest, members, artifacts } = inputs;
  const call = (id: string, on: ContractName, method: string, args: unknown[]): PlannedCall => ({
    id,
    to: contracts[on],
    data: artifacts[on].abi.encodeFunctionData(method, args),
  });
  return [
    ...contractNames.map((name) => ({
      id: `deploy ${name}`,
      data: concat([artifacts[name].bytecode, artifacts[name].abi.encodeDeploy(constructorArguments(name, manifest, contracts, deployer))]),
    })),
    // Before the members: an admission looks up the emergency pause.
    ...contractNames
      .filter((name) => name !== 'directory')
      .map((name) => call(`list ${name}`, 'directory', 'set', [encodeBytes32String(name), contracts[name]])),
    ...Object.entries(manifest.parameters).map(([name, value]) =>
      call(`set ${name}`, 'directory', 'setParameter', [encodeBytes32String(name), value, 0]),
    ),
    ...members.map((member) =>
      call(`admit ${member.id}`, 'member-registry', 'admit', [encodeBytes32String(member.id), admissionOf(member)]),
    ),
    call('hand over to the council', 'access-manager', 'grantRole', [adminRole, contracts.council, 0]),
    call('renounce', 'access-manager', 'renounceRole', [adminRole, deployer]),
  ];
}

function constructorArguments(
  name: ContractName,
  { council, emergency }: Manifest,
  contracts: Readonly<Record<ContractName, string>>,
  deployer: string,
): unknown[] {
  const authority = contracts['access-manager'];
  const { directory } = contracts;
  switch (name) {
    case 'access-manager':
      return [deployer];
    case 'score-verifier':
      return [];
    case 'directory':
      return [authority];
    case 'member-registry':
    case 'model-registry':
      return [authority, directory];
    case 'emergency-pause':
      return [authority, directory, emergency.few];
    case 'council':
      return [
        directory,
        { quorum: council.quorum, delay: council.delaySeconds, votingPeriod: council.votingSeconds, window: council.windowSeconds },
      ];
    default:
      return [directory];
  }
}

/** A member's document as MemberRegistry.admit takes it. */
export function admissionOf(member: MemberDocument): object {
  return {
    sector: sectorNumber(member.sector),
    roles: roleMask(member.roles),
    account: member.account,
    // On chain stands the name its country knows it by; the English one is in its document.
    name: member.nameZh,
    endpoint: member.endpoint,
    keys: member.keys.map(({ purpose, suite, data }) => ({ purpose: keyPurposeNumber(purpose), suite: encodeBytes32String(suite), data })),
  };
}
