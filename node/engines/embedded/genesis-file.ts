import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { NodeError } from '../../errors.ts';
import { readJsonFile, writeJsonFile } from '../../json-file.ts';
import type { Genesis } from './genesis.ts';

const genesisSchema = Type.Object(
  {
    version: Type.Literal(1),
    network: Type.String({ minLength: 1, maxLength: 64 }),
    chainId: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    timestamp: Type.Integer({ minimum: 0 }),
    gasLimit: Type.Integer({ minimum: 1_000_000, maximum: 1_000_000_000 }),
  },
  { additionalProperties: false },
);

/** Errors: NODE_DATA_MISSING if there is none, NODE_DATA_HALF_MADE if it is no genesis of this version. */
export function readGenesisFile(path: string): Genesis {
  let found: unknown;
  try {
    found = readJsonFile(path);
  } catch (error) {
    throw new NodeError('NODE_DATA_HALF_MADE', { file: path }, { cause: error });
  }
  if (found === undefined) throw new NodeError('NODE_DATA_MISSING', { file: path });
  if (!Value.Check(genesisSchema, found)) throw new NodeError('NODE_DATA_HALF_MADE', { file: path });
  return found;
}

export function writeGenesisFile(path: string, genesis: Genesis): void {
  writeJsonFile(path, genesis);
}
