import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { NodeError } from '../errors.ts';
import { readJsonFile, writeJsonFile } from '../json-file.ts';
import { type ContractName, contractNames } from './artifacts.ts';

const address = Type.String({ pattern: '^0x[0-9a-fA-F]{40}$' });

const deploymentSchema = Type.Object(
  {
    version: Type.Literal(1),
    chainId: Type.Integer(),
    genesisHash: Type.String({ pattern: '^0x[0-9a-f]{64}$' }),
    directory: address,
    contracts: Type.Object(Object.fromEntries(contractNames.map((name) => [name, address]))),
    /** The block of the first contract: whoever follows the registries begins here. */
    block: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: false },
);

/** What others need to know to use the contracts: deployment.json in the network's data folder. Written when founding is complete. */
export type Deployment = Static<typeof deploymentSchema> & { readonly contracts: Readonly<Record<ContractName, string>> };

/** undefined if founding is not complete. Errors: NODE_DEPLOYMENT_JOURNAL if the file is not of this version. */
export function readDeploymentFile(file: string): Deployment | undefined {
  const found = readJsonFile(file);
  if (found === undefined) return undefined;
  if (!Value.Check(deploymentSchema, found)) throw new NodeError('NODE_DEPLOYMENT_JOURNAL', { file, differs: 'form' });
  return found as Deployment;
}

export function writeDeploymentFile(file: string, deployment: Deployment): void {
  writeJsonFile(file, deployment);
}
