import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { NodeError } from '../errors.ts';
import { readJsonFile, writeJsonFile } from '../json-file.ts';
import type { DeploymentPlan } from './plan.ts';

const journalSchema = Type.Object(
  {
    version: Type.Literal(1),
    chainId: Type.Integer(),
    genesisHash: Type.String(),
    deployer: Type.String(),
    steps: Type.Array(Type.Object({ id: Type.String(), transaction: Type.String() })),
    /** Steps whose block is known to be final. */
    done: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: false },
);

/** What a deployment set out to do, and how far it is known to have come. The chain may be one step further, never behind. */
export type DeploymentJournal = Static<typeof journalSchema>;

export function newJournal(plan: DeploymentPlan, chainId: number, genesisHash: string): DeploymentJournal {
  const steps = plan.steps.map(({ id, transaction }) => ({ id, transaction }));
  return { version: 1, chainId, genesisHash, deployer: plan.deployer, steps, done: 0 };
}

/** The journal of an earlier run, checked against the plan of this one; a new one if there is none. Errors: NODE_DEPLOYMENT_JOURNAL. */
export function openJournal(file: string, fresh: DeploymentJournal): DeploymentJournal {
  let found: unknown;
  try {
    found = readJsonFile(file);
  } catch (error) {
    throw new NodeError('NODE_DEPLOYMENT_JOURNAL', { file, differs: 'form' }, { cause: error });
  }
  if (found === undefined) return fresh;
  if (!Value.Check(journalSchema, found)) throw new NodeError('NODE_DEPLOYMENT_JOURNAL', { file, differs: 'form' });
  const differs = firstDifference(found, fresh);
  if (differs !== undefined) throw new NodeError('NODE_DEPLOYMENT_JOURNAL', { file, differs });
  return found;
}

export function writeJournal(file: string, journal: DeploymentJournal): void {
  writeJsonFile(file, journal);
}

function firstDifference(found: DeploymentJournal, fresh: DeploymentJournal): string | undefined {
  for (const field of ['chainId', 'genesisHash', 'deployer'] as const) if (found[field] !== fresh[field]) return field;
  const step = fresh.steps.find(({ transaction }, index) => found.steps[index]?.transaction !== transaction);
  if (step !== undefined) return step.id;
  return found.steps.length === fresh.steps.length && found.done <= found.steps.length ? undefined : 'steps';
}
