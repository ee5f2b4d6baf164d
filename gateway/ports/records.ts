import type { DatasetSchema } from '../domain/dataset-schema.ts';
import type { DatasetId, Hex } from '../domain/ids.ts';

/** One record as stored: field values by name, in the schema's canonical form (strings, integers, booleans; null is absent). */
export type FieldValue = string | number | boolean | null;
export type StoredRecord = { readonly values: Readonly<Record<string, FieldValue>> };

/** Everything the dataset version holds on one subject, with what is needed to prove any subset of it (docs/protocol/records.md). */
export type SubjectRecords = {
  readonly dataset: DatasetId;
  readonly version: number;
  /** Of this version: what the values were checked against. */
  readonly schema: DatasetSchema;
  readonly records: readonly StoredRecord[];
  /** HMAC secret of this import from which the salts of this subject's leaf are derived. */
  readonly secret: Hex;
  readonly leafIndex: number;
  readonly treeSize: number;
  readonly path: readonly Hex[];
};

/** Records of this institution's own datasets. A version is there as a whole or not at all; reading never blocks an import. */
export interface Records {
  /** `subjectKey` is the subject's pseudonym (domain/pseudonym.ts). undefined: the version has no record of this subject, or isn't kept here. */
  find(dataset: DatasetId, version: number, subjectKey: string): Promise<SubjectRecords | undefined>;
  /** The schema a kept version was imported with; undefined when the version isn't kept here. */
  schema(dataset: DatasetId, version: number): DatasetSchema | undefined;
  /** Kept and readable, ascending. */
  versions(dataset: DatasetId): Promise<readonly number[]>;
}
