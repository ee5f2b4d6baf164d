import type { FieldValue } from '../domain/field-value.ts';
import { fromBase64url, toBase64url } from '../domain/hash.ts';
import type { DatasetId, UsageId } from '../domain/ids.ts';
import { leafHash } from '../domain/merkle.ts';
import { verifyInclusion } from '../domain/merkle-verify.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import type { ServingDecision, WithholdingReason } from '../domain/serving-rules.ts';
import { type SubjectRef, sameSubject } from '../domain/subject.ts';
import { parsePayload } from './messages.ts';
import type { Payload, PayloadRecord, PayloadWithRecords } from './payload.ts';
import { fieldHashes, inOrder, type RecordFields } from './record-commitment.ts';
import { fieldHash, fieldSalts, leafData, recordHash, subjectHash, subjectSalt } from './record-hash.ts';

/** What was found for a subject, with its place in the version's tree (ports/records.ts). */
export type Found = {
  readonly records: readonly RecordFields[];
  readonly secret: Uint8Array;
  readonly leafIndex: number;
  readonly treeSize: number;
  readonly path: readonly Uint8Array[];
};
export type Answer = { readonly usage: UsageId; readonly dataset: DatasetId; readonly version: number; readonly subject: SubjectRef };

const proveRecord = (
  fields: readonly string[],
  record: RecordFields,
  number: number,
  secret: Uint8Array,
  decision: ServingDecision,
): PayloadRecord => {
  const salts = fieldSalts(secret, number, fields.length);
  const values = inOrder(fields, record);
  const hashes = fieldHashes(fields, values, salts);
  if ('withheld' in decision) return { hash: toBase64url(recordHash(hashes)), reason: decision.withheld };
  return {
    fields: fields.map((name, place) =>
      decision.fields.includes(name)
        ? { name, value: values[place]!, salt: toBase64url(salts[place]!) }
        : { name, hash: toBase64url(hashes[place]!), reason: 'not-authorized' as const },
    ),
  };
};

/** Payload that shows exactly what the decisions let leave, the rest as hashes. `fields` are all of the schema's names in order, decisions one a record. */
export const proveRecords = (
  fields: readonly string[],
  answer: Answer,
  found: Found,
  decisions: readonly ServingDecision[],
): PayloadWithRecords => {
  if (decisions.length !== found.records.length) throw new RangeError('one decision a record');
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
    records: found.records.map((record, number) => proveRecord(fields, record, number, found.secret, decisions[number]!)),
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

export type ExpectedPayload = Answer & {
  /** Commitment `records` of the version on chain. */
  readonly root: Uint8Array;
  readonly size: number;
  /** The fields that were asked for: no other may come. */
  readonly fields: readonly string[];
};
export type VerifiedRecord =
  | { readonly values: Readonly<Record<string, FieldValue>>; readonly withheldFields: readonly string[] }
  | { readonly withheld: WithholdingReason };

const rebuild = (record: PayloadRecord): Uint8Array =>
  'hash' in record
    ? fromBase64url(record.hash)!
    : recordHash(
        record.fields.map((field) =>
          'hash' in field ? fromBase64url(field.hash)! : fieldHash(fromBase64url(field.salt)!, field.name, field.value),
        ),
      );

const read = (record: PayloadRecord): VerifiedRecord => {
  if ('hash' in record) return { withheld: record.reason };
  const shown = record.fields.flatMap((field) => ('hash' in field ? [] : [[field.name, field.value] as const]));
  return { values: Object.fromEntries(shown), withheldFields: record.fields.flatMap((field) => ('hash' in field ? [field.name] : [])) };
};

const namesFit = (record: PayloadRecord, expected: ExpectedPayload, always: readonly string[]): boolean => {
  if ('hash' in record) return true;
  const names = record.fields.map((field) => field.name);
  const shown = record.fields.filter((field) => !('hash' in field)).map((field) => field.name);
  return new Set(names).size === names.length && shown.every((name) => expected.fields.includes(name) || always.includes(name));
};

/**
 * Checks a payload against the commitment on chain. Whatever is withheld can't be checked beyond its hash: the reason rests on the provider's signature, as does
 * "no record" (an empty list). `always` names fields that may come unasked (the subject's statement). Refuses with RECORD_PROOF_MALFORMED, RECORD_PROOF_SUBJECT
 * (another subject, dataset, version or usage) or RECORD_PROOF_MISMATCH.
 */
export const verifyPayload = (
  input: unknown,
  expected: ExpectedPayload,
  always: readonly string[] = [],
): Result<readonly VerifiedRecord[]> => {
  const parsed = parsePayload(input);
  if (!parsed.ok) return refuse('RECORD_PROOF_MALFORMED', parsed.refusal.detail);
  const payload = parsed.value;
  if (payload.usage !== expected.usage || payload.dataset !== expected.dataset || payload.version !== expected.version) {
    return refuse('RECORD_PROOF_SUBJECT', { what: 'usage, dataset or version' });
  }
  if ('none' in payload) return ok([]);
  if (!sameSubject(payload.subject, expected.subject)) return refuse('RECORD_PROOF_SUBJECT', { what: 'subject' });
  if (payload.treeSize !== expected.size) return refuse('RECORD_PROOF_MISMATCH', { what: 'size' });
  if (!payload.records.every((record) => namesFit(record, expected, always))) return refuse('RECORD_PROOF_MISMATCH', { what: 'fields' });
  const head = subjectHash(fromBase64url(payload.subjectSalt)!, payload.subject);
  const leaf = leafHash(leafData(head, payload.records.map(rebuild)));
  const path = payload.path.map((node) => fromBase64url(node)!);
  const proved = verifyInclusion(leaf, payload.leafIndex, payload.treeSize, path, expected.root);
  return proved ? ok(payload.records.map(read)) : refuse('RECORD_PROOF_MISMATCH', { what: 'root' });
};
