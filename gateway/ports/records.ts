import type { DatasetSchema } from '../domain/dataset-schema.ts';
import type { FieldValue } from '../domain/field-value.ts';
import type { DatasetId, Hex } from '../domain/ids.ts';

export type { FieldValue };
/** One record as stored: field values by name; every field of the schema has one. */
export type StoredRecord = { readonly values: Readonly<Record<string, FieldValue>> };

/** Everything the dataset version holds on one subject, with what is needed to prove any subset of it (docs/protocol/records.md). */
export type SubjectRecords = {
  readonly dataset: DatasetId;
  readonly version: number;
  /** Of this version: what the values were checked against. */
  readonly schema: DatasetSchema;
  readonly records: readonly StoredRecord[];
  /** 32 bytes, of this subject and version only: what sealing/record-proof.ts derives the salts of its leaf from. */
  readonly secret: Hex;
  /** Column hashes in the schema's order, 32 bytes a field. */
  readonly columns: Hex;
  readonly leafIndex: number;
  readonly treeSize: number;
  readonly path: readonly Hex[];
};

/** A subject's features in a dataset version, with what is needed to prove them under its feature root (docs/protocol/circuit.md). */
export type SubjectFeatures = {
  /** One a declared feature. */
  readonly codes: readonly number[];
  readonly salt: Hex;
  readonly index: number;
  readonly path: readonly (readonly Hex[])[];
};

/** Records of this institution's own datasets. A version is there as a whole or not at all; reading never blocks an import. */
export interface Records {
  /** `subjectKey` is the subject's pseudonym (domain/pseudonym.ts). undefined: the version has no record of this subject, or isn't kept here. */
  find(dataset: DatasetId, version: number, subjectKey: string): Promise<SubjectRecords | undefined>;
  /** The same for its features; undefined also when the version has none. */
  features(dataset: DatasetId, version: number, subjectKey: string): Promise<SubjectFeatures | undefined>;
  /** The schema a kept version was imported with; undefined when the version isn't kept here. */
  schema(dataset: DatasetId, version: number): DatasetSchema | undefined;
  /** Kept and readable, ascending. */
  versions(dataset: DatasetId): Promise<readonly number[]>;
}
