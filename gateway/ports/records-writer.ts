import type { DatasetSchema } from '../domain/dataset-schema.ts';
import type { FieldValue } from '../domain/field-value.ts';
import type { DatasetId, Hex } from '../domain/ids.ts';

/** What an import has to remember until, and while, it is a version. `root` is of fresh salts, so no two imports share it: it finds the version on chain again. */
export type ImportHead = {
  /** 16 random bytes. */
  readonly id: Hex;
  readonly dataset: DatasetId;
  readonly schema: DatasetSchema;
  readonly root: Hex;
  /** Of the feature tree; undefined where the schema declares no features. */
  readonly featuresRoot?: Hex;
  /** Number of subjects, the size of the tree. */
  readonly subjects: number;
  readonly rows: number;
  /** Seconds: the latest date the data speaks of. */
  readonly asOf: number;
};

/** A subject's features and where they stand in the version's feature tree: for each level from the leaf up, all four children. */
export type StagedFeatures = {
  readonly index: number;
  readonly codes: readonly number[];
  readonly salt: Hex;
  readonly path: readonly (readonly Hex[])[];
};

export type StagedSubject = {
  /** The subject's pseudonym (domain/pseudonym.ts). */
  readonly subjectKey: string;
  /** 32 bytes from which the salts of this leaf derive (sealing/record-hash.ts). */
  readonly secret: Hex;
  /** Column hashes in the order of the schema's fields, 32 bytes a field. */
  readonly columns: Hex;
  readonly leafIndex: number;
  readonly path: readonly Hex[];
  /** Values in the order of the schema's fields, one list a record. */
  readonly records: readonly (readonly FieldValue[])[];
  readonly features?: StagedFeatures;
};

/**
 * Brings imports into the records store. Nothing of an import can be read before `activate`, and all of it after. Every method resolves when durable and may be
 * repeated after a crash or a STORE_WRITE_FAILED; several imports may be under way at once.
 */
export interface RecordsWriter {
  /** Writes the subjects, then what makes the import complete; the caller then has it in hand. Left half-way, it is removed by the next `unfinished`. */
  stage(head: ImportHead, subjects: AsyncIterable<StagedSubject>): Promise<void>;
  /** Makes a staged import readable as this version in one atomic write; then removes versions beyond the number that is kept. */
  activate(id: Hex, version: number): Promise<void>;
  /** Removes a staged import that won't be published. */
  discard(id: Hex): Promise<void>;
  /** Imports that are complete, not yet readable and in nobody's hand; now they are in the caller's. Clears away what was left half-staged or half-removed. */
  unfinished(): Promise<readonly ImportHead[]>;
  /** Out of hand, done or not: so that no import is published twice, and none is lost sight of. */
  release(id: Hex): void;
}
