import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeError } from '../errors.ts';

/** Where things lie in the folder that goes from member to member. */
export function ceremonyFolder(root: string) {
  return {
    root,
    transcript: join(root, 'ceremony.json'),
    r1cs: join(root, 'circuit.r1cs'),
    powers: join(root, 'powers.ptau'),
    witnessProgram: join(root, 'circuit.wasm'),
    /** The proving key after so many contributions. */
    key: (contributions: number) => join(root, `key-${String(contributions).padStart(4, '0')}.zkey`),
    /** What is being written; left behind by a kill, it is written again. */
    part: join(root, 'key.part'),
  } as const;
}
export type CeremonyFolder = ReturnType<typeof ceremonyFolder>;

/** Errors: NODE_CEREMONY_FILE. */
export function readFileOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new NodeError('NODE_CEREMONY_FILE', { file }, { cause });
  }
}

/** SHA-256 of a file, hex with 0x. Errors: NODE_CEREMONY_FILE. */
export const hashFile = (file: string): string => `0x${createHash('sha256').update(readFileOf(file)).digest('hex')}`;
