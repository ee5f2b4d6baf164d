import { Interface, type InterfaceAbi } from 'ethers';
import type { ContractName } from '../../ports/ledger.ts';
import {
  auditAnchorAbi,
  consentRegistryAbi,
  councilAbi,
  dataCatalogAbi,
  directoryAbi,
  emergencyPauseAbi,
  grantRegistryAbi,
  memberRegistryAbi,
  modelRegistryAbi,
  scoreRegistryAbi,
  scoreVerifierAbi,
} from './abi.generated.ts';

const load = (abi: unknown): Interface => new Interface(abi as InterfaceAbi);

/** ABIs by the names of the Directory. */
export const contractInterfaces: Readonly<Record<ContractName, Interface>> = {
  directory: load(directoryAbi),
  'member-registry': load(memberRegistryAbi),
  'data-catalog': load(dataCatalogAbi),
  'grant-registry': load(grantRegistryAbi),
  'consent-registry': load(consentRegistryAbi),
  'audit-anchor': load(auditAnchorAbi),
  'model-registry': load(modelRegistryAbi),
  'score-registry': load(scoreRegistryAbi),
  'score-verifier': load(scoreVerifierAbi),
  council: load(councilAbi),
  'emergency-pause': load(emergencyPauseAbi),
};

export const isContractName = (name: string): name is ContractName => Object.hasOwn(contractInterfaces, name);

/** Contracts whose events make the state of the mirror. */
export const registryNames: readonly ContractName[] = [
  'member-registry',
  'data-catalog',
  'grant-registry',
  'consent-registry',
  'audit-anchor',
  'model-registry',
];
