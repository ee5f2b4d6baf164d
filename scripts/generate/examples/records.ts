import { canonicalJson } from '../../../gateway/domain/canonical.ts';
import type { FieldValue } from '../../../gateway/domain/field-value.ts';
import type { SubjectRef } from '../../../gateway/domain/subject.ts';
import { type CommittedSubject, commitRecords, commitSubjectRecords, fieldHashes } from '../../../gateway/sealing/record-commitment.ts';
import { columnSalts, subjectSalt } from '../../../gateway/sealing/record-hash.ts';
import { proveRecords } from '../../../gateway/sealing/record-proof.ts';
import { block, countedBytes, electricity, hexOf, type Line, lines, subject, usage } from './facts.ts';

const fields = ['period', 'kWh', 'billFen', 'paidOn'];
const records: readonly (readonly FieldValue[])[] = [
  ['2026-01', 13_817, 939_556, null],
  ['2026-02', 12_004, 816_272, '2026-03-12'],
];
const secret = countedBytes(0x10, 32);

/** Some other subject's leaf, to make a tree of two. */
const other: SubjectRef = { type: 'enterprise', code: '91619900MATXLG4W5E' };
const otherSecret = countedBytes(0x90, 32);

const columnLines = (own: CommittedSubject): Line[] =>
  fields.flatMap((name, place): Line[] => {
    const salts = columnSalts(secret, name, records.length);
    const values = records.map((record) => record[place] ?? null);
    const hashes = fieldHashes(values, salts);
    return [
      ...values.map((value, record): Line => {
        const [salt, hash] = [salts.subarray(record * 16, record * 16 + 16), hashes.subarray(record * 32, record * 32 + 32)];
        return [`${name} of record ${record}: salt, canonical JSON, fieldHash`, `${hexOf(salt)}, ${canonicalJson(value)}, ${hexOf(hash)}`];
      }),
      [`columnHash of ${name}`, hexOf(own.columns[place]!)],
    ];
  });

/** Two records of four fields, the leaf of their subject, the tree over it and another, and a payload that shows half of it. */
export const recordsExample = async (): Promise<string> => {
  const own = commitSubjectRecords(fields, subject, records, secret);
  const otherLeaf = commitSubjectRecords(fields, other, [], otherSecret);
  const tree = commitRecords([own, otherLeaf]);
  const leafIndex = tree.positions[0]!;
  const found = {
    records: records.map((values) => Object.fromEntries(fields.map((name, place) => [name, values[place]!]))),
    secret,
    columns: Buffer.concat(own.columns),
    ...{ leafIndex, treeSize: tree.size, path: await tree.path(leafIndex) },
  };
  const decisions = [{ fields: ['period', 'kWh'] }, { withheld: 'period-ended' as const }];
  const payload = proveRecords(fields, { usage, dataset: electricity, version: 3, subject }, found, decisions);
  return [
    '## Record commitment',
    '',
    'A schema of four fields, two records of the subject above, and another subject without records.',
    '',
    lines([
      ...columnLines(own),
      ['salt of the subject', hexOf(subjectSalt(secret))],
      ['subjectHash', hexOf(own.subject)],
      ['leaf hash', hexOf(own.leaf)],
      [`salt, subjectHash of enterprise:${other.code}`, `${hexOf(subjectSalt(otherSecret))}, ${hexOf(otherLeaf.subject)}`],
      ['its leaf hash (no records)', hexOf(otherLeaf.leaf)],
      ['index of the subject in the tree, by subjectHash', String(leafIndex)],
      ['root, size 2', hexOf(tree.root)],
    ]),
    '',
    'The payload that shows `period` and `kWh`, and withholds the second record:',
    '',
    block('json', JSON.stringify(payload, null, 1)),
  ].join('\n');
};
