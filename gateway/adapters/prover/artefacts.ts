import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { XinshuError } from '../../domain/errors.ts';
import { sha256Hex } from '../../domain/hash.ts';
import type { Hex } from '../../domain/ids.ts';

/** Keys for trial use have no secret: anyone can forge a proof under them. Those of a ceremony hold as long as one contributor was honest. */
export type ArtefactUse = 'trial' | 'ceremony';
/** What a network takes. */
export type AcceptedKeys = 'trial keys too' | 'keys of a ceremony';

export const circuitNames = ['points', 'score-band'] as const;
export type CircuitName = (typeof circuitNames)[number];

const artefactNames = (circuit: CircuitName) => [`${circuit}.wasm`, `${circuit}.zkey`, 'verification-key.json'] as const;
type ArtefactName = ReturnType<typeof artefactNames>[number];

type Manifest = {
  readonly circuit: CircuitName;
  readonly use: ArtefactUse;
  readonly files: Readonly<Partial<Record<ArtefactName, { readonly sha256: string }>>>;
};

export type Artefacts = {
  readonly use: ArtefactUse;
  readonly witnessProgram: Uint8Array;
  readonly provingKey: Uint8Array;
  readonly verificationKey: Readonly<Record<string, unknown>>;
  /** SHA-256 of the verification key's file. */
  readonly verificationKeyHash: Hex;
};

/** Where the repository keeps its own: `artefacts.json` and beside it the folder `artefacts`. */
export const shippedArtefacts: Readonly<Record<CircuitName, string>> = {
  points: fileURLToPath(new URL('../../circuits/', import.meta.url)),
  'score-band': fileURLToPath(new URL('../../circuits/score-band/', import.meta.url)),
};

const read = (path: string): Buffer => {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new XinshuError('ARTEFACT_UNREADABLE', { path }, { cause });
  }
};

const isManifestOf = (circuit: CircuitName, value: unknown): value is Manifest => {
  const { circuit: named, use, files } = (value ?? {}) as Partial<Manifest>;
  const hashed = artefactNames(circuit).every((name) => typeof files?.[name]?.sha256 === 'string');
  return named === circuit && (use === 'trial' || use === 'ceremony') && hashed;
};

const readManifest = (folder: string, circuit: CircuitName): Manifest => {
  const path = join(folder, 'artefacts.json');
  const text = read(path).toString();
  try {
    const parsed: unknown = JSON.parse(text);
    if (isManifestOf(circuit, parsed)) return parsed;
  } catch {
    // Told below, as any other form that isn't the manifest's.
  }
  throw new XinshuError('ARTEFACT_UNREADABLE', { path });
};

/**
 * Reads the manifest and every file that it names. `accept` says what the network takes: trial keys only where it says so.
 * @throws ARTEFACT_UNREADABLE, ARTEFACT_ALTERED, ARTEFACTS_FOR_TRIAL
 */
export const readArtefacts = (folder: string, circuit: CircuitName, accept: AcceptedKeys): Artefacts => {
  const manifest = readManifest(folder, circuit);
  if (manifest.use === 'trial' && accept !== 'trial keys too') throw new XinshuError('ARTEFACTS_FOR_TRIAL', { path: folder });
  const checked = (name: ArtefactName): Buffer => {
    const path = join(folder, 'artefacts', name);
    const bytes = read(path);
    if (sha256Hex(bytes) !== `0x${manifest.files[name]?.sha256}`) throw new XinshuError('ARTEFACT_ALTERED', { path });
    return bytes;
  };
  const verificationKey = checked('verification-key.json');
  return {
    use: manifest.use,
    witnessProgram: checked(`${circuit}.wasm`),
    provingKey: checked(`${circuit}.zkey`),
    verificationKey: JSON.parse(verificationKey.toString()) as Record<string, unknown>,
    verificationKeyHash: sha256Hex(verificationKey),
  };
};
