import { join } from 'node:path';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { NodeError } from '../errors.ts';
import { readJsonFile } from '../json-file.ts';

const hashed = Type.Object({ sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) });
const artefactsSchema = Type.Object({
  circuit: Type.String({ pattern: '^[a-z-]{1,20}$' }),
  r1cs: hashed,
  powersOfTau: hashed,
  files: Type.Record(Type.String(), hashed),
});

/** The circuit as the software has it, by the manifest of its trial keys. Hashes are hex with 0x. */
export interface KnownCircuit {
  readonly circuit: string;
  readonly r1cs: string;
  readonly witnessProgram: string;
  readonly witnessFile: string;
  /** Of the trial keys: everyone knows their secret. */
  readonly trialPowers: string;
}

/** Errors: NODE_CEREMONY_FILE. */
export function readKnownCircuit(folder: string): KnownCircuit {
  const file = join(folder, 'artefacts.json');
  let found: unknown;
  try {
    found = readJsonFile(file);
  } catch (cause) {
    throw new NodeError('NODE_CEREMONY_FILE', { file }, { cause });
  }
  if (!Value.Check(artefactsSchema, found)) throw new NodeError('NODE_CEREMONY_FILE', { file });
  const program = found.files[`${found.circuit}.wasm`];
  if (program === undefined) throw new NodeError('NODE_CEREMONY_FILE', { file });
  return {
    circuit: found.circuit,
    r1cs: `0x${found.r1cs.sha256}`,
    witnessProgram: `0x${program.sha256}`,
    witnessFile: join(folder, 'artefacts', `${found.circuit}.wasm`),
    trialPowers: `0x${found.powersOfTau.sha256}`,
  };
}
