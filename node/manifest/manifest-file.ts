import { NodeError } from '../errors.ts';
import { readJsonFile } from '../json-file.ts';
import type { ManifestFault } from './fault.ts';
import type { Manifest } from './manifest.ts';
import { parseManifest } from './parse-manifest.ts';

/** NODE_MANIFEST_INVALID with all its faults. */
export class ManifestInvalid extends NodeError {
  readonly faults: readonly ManifestFault[];
  constructor(file: string, faults: readonly ManifestFault[]) {
    super('NODE_MANIFEST_INVALID', { file, faults: faults.length });
    this.name = 'ManifestInvalid';
    this.faults = faults;
  }
}

/** The manifest in the file; undefined if there is no file. Errors: NODE_MANIFEST_UNREADABLE, ManifestInvalid. */
export function readManifestFile(path: string): Manifest | undefined {
  let given: unknown;
  try {
    given = readJsonFile(path);
  } catch (error) {
    throw new NodeError('NODE_MANIFEST_UNREADABLE', { file: path }, { cause: error });
  }
  if (given === undefined) return undefined;
  const parsed = parseManifest(given);
  if (!parsed.ok) throw new ManifestInvalid(path, parsed.faults);
  return parsed.manifest;
}
