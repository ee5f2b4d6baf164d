import { canonicalJson } from '../../../gateway/domain/canonical.ts';
import type { FieldValue } from '../../../gateway/domain/field-value.ts';
import { leafHash, rootOf } from '../../../gateway/domain/merkle.ts';
import type { SubjectRef } from '../../../gateway/domain/subject.ts';
import { fieldHash, leafData, recordHash, subjectHash } from '../../../gateway/sealing/record-hash.ts';
import { countedBytes, hexOf, type Line, lines, subject } from './facts.ts';

const fields: readonly (readonly [string, FieldValue])[] = [
  ['period', '2026-01'],
  ['kWh', 13_817],
  ['billFen', 939_556],
  ['paidOn', null],
];
const saltOf = (place: number): Uint8Array => countedBytes(0x10 * (place + 1), 16);

/** Some other subject's leaf, to make a tree of two. */
const other: SubjectRef = { type: 'enterprise', code: '91619900MATXLG4W5E' };

/** A record of four fields, the leaf of its subject, and the tree over it and another. */
export const recordsExample = (): string => {
  const hashes = fields.map(([name, value], place) => fieldHash(saltOf(place), name, value));
  const record = recordHash(hashes);
  const head = subjectHash(countedBytes(0x70, 16), subject);
  const own = leafHash(leafData(head, [record]));
  const otherHead = subjectHash(countedBytes(0x90, 16), other);
  const otherLeaf = leafHash(leafData(otherHead, []));
  const order = [
    { head, leaf: own },
    { head: otherHead, leaf: otherLeaf },
  ].sort((a, b) => Buffer.compare(a.head, b.head));
  const fieldLines = fields.flatMap(([name, value], place): Line[] => [
    [`salt, canonical JSON of ${name}`, `${hexOf(saltOf(place))}, ${canonicalJson(value)}`],
    [`fieldHash of ${name}`, hexOf(hashes[place]!)],
  ]);
  return [
    '## Record commitment',
    '',
    'A schema of four fields, one record of the subject above, and another subject without records.',
    '',
    lines([
      ...fieldLines,
      ['recordHash', hexOf(record)],
      ['salt of the subject', hexOf(countedBytes(0x70, 16))],
      ['subjectHash', hexOf(head)],
      ['leaf hash', hexOf(own)],
      [`salt, subjectHash of enterprise:${other.code}`, `${hexOf(countedBytes(0x90, 16))}, ${hexOf(otherHead)}`],
      ['its leaf hash (no records)', hexOf(otherLeaf)],
      ['index of the subject in the tree, by subjectHash', String(order.findIndex(({ leaf }) => leaf === own))],
      ['root, size 2', hexOf(rootOf(order.map(({ leaf }) => leaf)))],
    ]),
  ].join('\n');
};
