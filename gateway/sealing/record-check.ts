import type { FieldValue } from '../domain/field-value.ts';
import { fromBase64url } from '../domain/hash.ts';
import { leafHash } from '../domain/merkle.ts';
import { verifyInclusion } from '../domain/merkle-verify.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import type { WithholdingReason } from '../domain/serving-rules.ts';
import { sameSubject } from '../domain/subject.ts';
import { parsePayload } from './messages.ts';
import type { Cell, PayloadWithRecords, ShownField } from './payload.ts';
import { columnHash, fieldHashInto, hashLength, leafData, saltLength, subjectHash } from './record-hash.ts';
import type { Answer } from './record-proof.ts';

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

type Opened = { readonly field: ShownField; readonly salts: Uint8Array };
const isHidden = (cell: Cell): cell is Extract<Cell, { readonly hash: string }> => typeof cell === 'object' && cell !== null;

/** The fields that are shown, with their salts; undefined where the parts of the payload don't fit each other. */
const openFields = ({ records, withheld, fields }: PayloadWithRecords): readonly Opened[] | undefined => {
  const ascending = withheld.every(({ record }, at) => record < records && (at === 0 || withheld[at - 1]!.record < record));
  const opened: Opened[] = [];
  for (const field of fields) {
    if ('hash' in field) continue;
    const { cells } = field;
    const salts = fromBase64url(field.salts);
    const shown = cells.reduce<number>((count, cell) => (isHidden(cell) ? count : count + 1), 0);
    if (cells.length !== records || salts?.length !== shown * saltLength) return undefined;
    // A record is withheld as a whole.
    if (!withheld.every(({ record }) => isHidden(cells[record]!))) return undefined;
    opened.push({ field, salts });
  }
  return ascending ? opened : undefined;
};

const rebuildColumn = ({ field, salts }: Opened): Uint8Array => {
  const hashes = Buffer.allocUnsafe(field.cells.length * hashLength);
  const hash = Buffer.allocUnsafe(hashLength);
  let shown = 0;
  field.cells.forEach((cell, record) => {
    if (isHidden(cell)) {
      hashes.set(fromBase64url(cell.hash)!, record * hashLength);
      return;
    }
    fieldHashInto(hash, salts.subarray(shown * saltLength), 0, cell);
    hashes.set(hash, record * hashLength);
    shown += 1;
  });
  return columnHash(field.name, hashes);
};

const read = ({ records, withheld, fields }: PayloadWithRecords, opened: readonly Opened[]): readonly VerifiedRecord[] => {
  const reasons = new Map(withheld.map(({ record, reason }) => [record, reason]));
  const absent = fields.flatMap((field) => ('hash' in field ? [field.name] : []));
  return Array.from({ length: records }, (_, record): VerifiedRecord => {
    const reason = reasons.get(record);
    if (reason !== undefined) return { withheld: reason };
    const shown: [string, FieldValue][] = [];
    const hidden: string[] = [];
    for (const { field } of opened) {
      const cell = field.cells[record]!;
      if (isHidden(cell)) hidden.push(field.name);
      else shown.push([field.name, cell]);
    }
    return { values: Object.fromEntries(shown), withheldFields: hidden.length === 0 ? absent : [...absent, ...hidden] };
  });
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
  const opened = openFields(payload);
  if (opened === undefined) return refuse('RECORD_PROOF_MALFORMED', { what: 'cells' });
  const asked = opened.every(({ field }) => expected.fields.includes(field.name) || always.includes(field.name));
  const distinct = new Set(payload.fields.map((field) => field.name)).size === payload.fields.length;
  if (!asked || !distinct) return refuse('RECORD_PROOF_MISMATCH', { what: 'fields' });
  const head = subjectHash(fromBase64url(payload.subjectSalt)!, payload.subject);
  const rebuilt = new Map(opened.map((one) => [one.field.name, rebuildColumn(one)]));
  const columns = payload.fields.map((field) => ('hash' in field ? fromBase64url(field.hash)! : rebuilt.get(field.name)!));
  const leaf = leafHash(leafData(head, payload.records, columns));
  const path = payload.path.map((node) => fromBase64url(node)!);
  const proved = verifyInclusion(leaf, payload.leafIndex, payload.treeSize, path, expected.root);
  return proved ? ok(read(payload, opened)) : refuse('RECORD_PROOF_MISMATCH', { what: 'root' });
};
