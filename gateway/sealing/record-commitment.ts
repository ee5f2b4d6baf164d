import type { FieldValue } from '../domain/field-value.ts';
import { CompactTree, inclusionProof, leafHash, type NodeSource } from '../domain/merkle.ts';
import type { SubjectRef } from '../domain/subject.ts';
import { columnHash, columnSalts, fieldHashInto, hashLength, leafData, subjectHash, subjectSalt } from './record-hash.ts';

/** Values by field name; a field without a value is null. */
export type RecordFields = Readonly<Record<string, FieldValue>>;

/** One subject of a version as it goes into the tree: 32 bytes of subject hash, which give the order, and the leaf's hash. */
export type SubjectLeaf = { readonly subject: Uint8Array; readonly leaf: Uint8Array };
/** `columns` are the column hashes in the order of the fields: kept with the records, so that answering hashes nothing that is withheld. */
export type CommittedSubject = SubjectLeaf & { readonly columns: readonly Uint8Array[] };

/** Hashes of one field in all records, one after the other; `values` one a record, `salts` as columnSalts gives them. */
export const fieldHashes = (values: readonly FieldValue[], salts: Uint8Array): Buffer => {
  const hashes = Buffer.allocUnsafe(values.length * hashLength);
  values.forEach((value, record) => {
    fieldHashInto(hashes, salts, record, value);
  });
  return hashes;
};

/** The values of a record in the order of `fields`. */
export const inOrder = (fields: readonly string[], record: RecordFields): readonly FieldValue[] =>
  fields.map((name) => record[name] ?? null);

/** Commits to all records of one subject, each as values in the order of `fields`, the schema's names. `secret` is `subjectSecret(importSecret, subjectKey)`. */
export const commitSubjectRecords = (
  fields: readonly string[],
  subject: SubjectRef,
  records: readonly (readonly FieldValue[])[],
  secret: Uint8Array,
): CommittedSubject => {
  const head = subjectHash(subjectSalt(secret), subject);
  const columns = fields.map((name, place) => {
    const values = records.map((record) => record[place] ?? null);
    return columnHash(name, fieldHashes(values, columnSalts(secret, name, records.length)));
  });
  return { subject: head, leaf: leafHash(leafData(head, records.length, columns)), columns };
};

/** The tree of one version. `positions[i]` is the leaf index of the i-th subject given; `path` is its inclusion proof, leaf to root. */
export type RecordTree = {
  readonly root: Uint8Array;
  readonly size: number;
  readonly positions: readonly number[];
  path(index: number): Promise<readonly Uint8Array[]>;
};

/**
 * Commits to a version: one leaf a subject, sorted by subject hash, so that the order says nothing of the subjects. Throws RangeError when a subject stands
 * twice: all its records belong in one leaf. Holds all nodes (64 bytes a subject) until let go.
 */
export const commitRecords = (subjects: readonly SubjectLeaf[]): RecordTree => {
  const order = subjects.map((_, place) => place).sort((a, b) => Buffer.compare(subjects[a]!.subject, subjects[b]!.subject));
  const positions = new Array<number>(subjects.length);
  const levels: Uint8Array[][] = [];
  const tree = new CompactTree();
  order.forEach((place, index) => {
    const previous = index === 0 ? undefined : subjects[order[index - 1]!];
    if (previous !== undefined && Buffer.compare(previous.subject, subjects[place]!.subject) === 0) {
      throw new RangeError('a subject stands twice in a version');
    }
    positions[place] = index;
    tree.append(subjects[place]!.leaf, (level, at, node) => {
      levels[level] ??= [];
      levels[level][at] = node;
    });
  });
  const nodes: NodeSource = async (level, index) => levels[level]![index]!;
  return { root: tree.root(), size: subjects.length, positions, path: (index) => inclusionProof(index, subjects.length, nodes) };
};
