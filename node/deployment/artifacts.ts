import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Interface, type InterfaceAbi } from 'ethers';
import { NodeError } from '../errors.ts';
import { readJsonFile } from '../json-file.ts';

/** The contracts of a deployment by their names in the Directory (the Directory itself has none there), and where Hardhat puts what it compiled. */
const contractArtifacts = {
  'access-manager': '@openzeppelin/contracts/access/manager/AccessManager.sol/AccessManager.json',
  directory: 'contracts/access/Directory.sol/Directory.json',
  'member-registry': 'contracts/members/MemberRegistry.sol/MemberRegistry.json',
  'data-catalog': 'contracts/catalog/DataCatalog.sol/DataCatalog.json',
  'grant-registry': 'contracts/authorization/GrantRegistry.sol/GrantRegistry.json',
  'consent-registry': 'contracts/authorization/ConsentRegistry.sol/ConsentRegistry.json',
  'audit-anchor': 'contracts/audit/AuditAnchor.sol/AuditAnchor.json',
  'model-registry': 'contracts/scoring/ModelRegistry.sol/ModelRegistry.json',
  'score-registry': 'contracts/scoring/ScoreRegistry.sol/ScoreRegistry.json',
  'score-verifier': 'contracts/verifiers/Groth16Verifier.sol/Groth16Verifier.json',
  council: 'contracts/access/Council.sol/Council.json',
  'emergency-pause': 'contracts/access/EmergencyPause.sol/EmergencyPause.json',
} as const;

export type ContractName = keyof typeof contractArtifacts;
export const contractNames = Object.keys(contractArtifacts) as ContractName[];

export interface Artifact {
  readonly abi: Interface;
  readonly bytecode: string;
}
export type Artifacts = Readonly<Record<ContractName, Artifact>>;

const compiledHere = fileURLToPath(new URL('../../artifacts', import.meta.url));

/** What Hardhat compiled, from the repository's artifacts folder by default. Errors: NODE_ARTIFACTS_MISSING. */
export function loadArtifacts(folder: string = compiledHere): Artifacts {
  const load = (name: ContractName): Artifact => {
    const file = join(folder, contractArtifacts[name]);
    const found = readJsonFile(file) as { abi: InterfaceAbi; bytecode: string } | undefined;
    if (found === undefined) throw new NodeError('NODE_ARTIFACTS_MISSING', { file });
    return { abi: new Interface(found.abi), bytecode: found.bytecode };
  };
  return Object.fromEntries(contractNames.map((name) => [name, load(name)])) as Record<ContractName, Artifact>;
}
