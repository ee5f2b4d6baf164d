import { toBase64url } from '../domain/hash.ts';
import type { DatasetId, UsageId } from '../domain/ids.ts';
import type { ServingDecision, WithholdingReason } from '../domain/serving-rules.ts';
import type { SubjectRef } from '../domain/subject.ts';
import type { Cell, Payload, PayloadField, PayloadWithRecords, ShownField } from './payload.ts';
import type { RecordFields } from './record-commitment.ts';
import { columnSalts, fieldHashInto, hashLength, saltLength, subjectSalt } from './record-hash.ts';

/** What was found for a subject, with its place in the version's tree (ports/records.ts). */
export type Found = {
  readonly records: readonly RecordFields[];
  readonly secret: Uint8Array;
  /** Column hashes in the schema's order, one after the other. */
  readonly columns: Uint8Array;
  readonly leafIndex: number;
  readonly treeSize: number;
  readonly path: readonly Uint8Array[];
};
export type Answer = { readonly usage: UsageId; readonly dataset: DatasetId; readonly version: number; readonly subject: SubjectRef };

type Shows = (name: string) => boolean;

const showsOf = (decisions: readonly ServingDecision[]): readonly Shows[] => {
  // As a rule all records show the same fields: one set for all of them.
  const sets = new Map<readonly string[], ReadonlySet<string>>();
  return decisions.map((decision): Shows => {
    if ('withheld' in decision) return () => false;
    const set = sets.get(decision.fields) ?? new Set(decision.fields);
    sets.set(decision.fields, set);
    return (name) => set.has(name);
  });
};

const proveField = (name: string, { records, secret }: Found, shows: readonly Shows[]): ShownField => {
  const salts = columnSalts(secret, name, records.length);
  const shown: Uint8Array[] = [];
  const hash = Buffer.allocUnsafe(hashLength);
  const cells = records.map((record, number): Cell => {
    const value = record[name] ?? null;
    const salt = salts.subarray(number * saltLength, (number + 1) * saltLength);
    if (shows[number]!(name)) {
      shown.push(salt);
      return value;
    }
    fieldHashInto(hash, salt, 0, value);
    return { hash: toBase64url(hash) };
  });
  return { name, cells, salts: toBase64url(shown.length === records.length ? salts : Buffer.concat(shown)) };
};

/** Why nothing of a field leaves: it may not, or none of the records may. */
const reasonOf = (decisions: readonly ServingDecision[]): WithholdingReason => {
  const reasons = decisions.flatMap((decision) => ('withheld' in decision ? [decision.withheld] : []));
  return reasons.length === decisions.length ? (reasons[0] ?? 'not-authorized') : 'not-authorized';
};

/** Payload that shows exactly what the decisions let leave, the rest as hashes. `fields` are all of the schema's names in order, decisions one a record. */
export const proveRecords = (
  fields: readonly string[],
  answer: Answer,
  found: Found,
  decisions: readonly ServingDecision[],
): PayloadWithRecords => {
  if (decisions.length !== found.records.length) throw new RangeError('one decision a record');
  if (found.columns.length !== fields.length * hashLength) throw new RangeError('one column hash a field');
  const shows = showsOf(decisions);
  const reason = reasonOf(decisions);
  return {
    v: 1,
    usage: answer.usage,
    dataset: answer.dataset,
    version: answer.version,
    subject: answer.subject,
    subjectSalt: toBase64url(subjectSalt(found.secret)),
    leafIndex: found.leafIndex,
    treeSize: found.treeSize,
    path: found.path.map(toBase64url),
    records: found.records.length,
    withheld: decisions.flatMap((decision, record) => ('withheld' in decision ? [{ record, reason: decision.withheld }] : [])),
    fields: fields.map((name, place): PayloadField => {
      if (shows.some((of) => of(name))) return proveField(name, found, shows);
      return { name, hash: toBase64url(found.columns.subarray(place * hashLength, (place + 1) * hashLength)), reason };
    }),
  };
};

/** Payload for a subject the version has nothing on. */
export const proveNone = (answer: Answer): Payload => ({
  v: 1,
  usage: answer.usage,
  dataset: answer.dataset,
  version: answer.version,
  none: true,
});
