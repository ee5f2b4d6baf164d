import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalJson } from '../../../gateway/domain/canonical.ts';
import { toBase64url, toHex } from '../../../gateway/domain/hash.ts';
import type { DatasetId, UsageId } from '../../../gateway/domain/ids.ts';
import { leafHash, rootOf } from '../../../gateway/domain/merkle.ts';
import type { ServingDecision } from '../../../gateway/domain/serving-rules.ts';
import type { SubjectRef } from '../../../gateway/domain/subject.ts';
import type { PayloadField, PayloadWithRecords, ShownField } from '../../../gateway/sealing/payload.ts';
import { type ExpectedPayload, verifyPayload } from '../../../gateway/sealing/record-check.ts';
import {
  commitRecords,
  commitSubjectRecords,
  fieldHashes,
  inOrder,
  type RecordFields,
} from '../../../gateway/sealing/record-commitment.ts';
import { columnHash, columnSalts, leafData, subjectHash, subjectSalt, subjectSecret } from '../../../gateway/sealing/record-hash.ts';
import { proveNone, proveRecords } from '../../../gateway/sealing/record-proof.ts';
import { codeOf, valueIn } from '../../helpers/refusal.ts';

const names = ['subjectId', 'balanceFen', 'overdueDays', 'note'];
const importSecret = new Uint8Array(32).fill(5);
const subjectAt = (n: number): SubjectRef => ({ type: 'enterprise', code: `code-${n}` });
const recordsAt = (n: number): RecordFields[] =>
  Array.from({ length: n % 3 }, (_, at) => ({
    subjectId: `code-${n}`,
    balanceFen: n * 100 + at,
    overdueDays: at,
    note: at === 0 ? '信' : null,
  }));
const secretAt = (n: number) => subjectSecret(importSecret, `key-${n}`);
const count = 13;
const leaves = Array.from({ length: count }, (_, n) =>
  commitSubjectRecords(
    names,
    subjectAt(n),
    recordsAt(n).map((record) => inOrder(names, record)),
    secretAt(n),
  ),
);
const tree = commitRecords(leaves);

const usage = '0f8fad5b-d9cb-469f-a165-70867728950e' as UsageId;
const answerFor = (n: number) => ({ usage, dataset: 'fin-weihe.loan' as DatasetId, version: 4, subject: subjectAt(n) });
const expectedFor = (n: number, change: Partial<ExpectedPayload> = {}): ExpectedPayload => ({
  ...answerFor(n),
  root: tree.root,
  size: tree.size,
  fields: ['balanceFen', 'overdueDays'],
  ...change,
});
const prove = async (n: number, decisions: readonly ServingDecision[]): Promise<PayloadWithRecords> =>
  proveRecords(
    names,
    answerFor(n),
    {
      records: recordsAt(n),
      secret: secretAt(n),
      columns: Buffer.concat(leaves[n]!.columns),
      leafIndex: tree.positions[n]!,
      treeSize: tree.size,
      path: await tree.path(tree.positions[n]!),
    },
    decisions,
  );
const some: readonly ServingDecision[] = [{ fields: ['balanceFen', 'overdueDays'] }, { withheld: 'period-ended' }];

describe('sealing/record-hash', () => {
  const sha = (...parts: (Uint8Array | number[])[]) =>
    toHex(
      createHash('sha256')
        .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
        .digest(),
    );
  const salt = new Uint8Array(16).fill(7);
  const other = new Uint8Array(16).fill(8);
  it('hashes fields, columns and subjects as the protocol says', () => {
    const [first, second] = [
      sha([0x10], salt, Buffer.from(canonicalJson('信'))),
      sha([0x10], other, Buffer.from(canonicalJson('x'.repeat(4000)))),
    ];
    const hashes = fieldHashes(['信', 'x'.repeat(4000)], Buffer.concat([salt, other]));
    expect(toHex(hashes)).to.equal(`${first}${second.slice(2)}`);
    expect(toHex(fieldHashes([null], salt))).to.equal(sha([0x10], salt, Buffer.from('null')));
    expect(toHex(columnHash('note', hashes))).to.equal(sha([0x11], [0, 4], Buffer.from('note'), hashes));
    expect(toHex(subjectHash(salt, subjectAt(1)))).to.equal(sha([0x12], salt, Buffer.from('enterprise:code-1')));
    expect(toHex(leafData(salt, 258, [other, salt]))).to.equal(toHex(Buffer.concat([salt, Buffer.of(0, 0, 1, 2), other, salt])));
  });
  it('salts every subject, record and field of every import on its own', () => {
    const salts = [
      subjectSalt(secretAt(1)),
      subjectSalt(secretAt(2)),
      subjectSalt(subjectSecret(new Uint8Array(32), 'key-1')),
      ...names
        .flatMap((name) => [1, 2].map((n) => columnSalts(secretAt(n), name, 3)))
        .flatMap((all) => [0, 16, 32].map((at) => all.subarray(at, at + 16))),
    ];
    expect(salts.length).to.equal(27);
    expect(new Set(salts.map(toBase64url)).size).to.equal(salts.length);
    for (const one of salts) expect(one.length).to.equal(16);
  });
});

describe('sealing/record-commitment', () => {
  it('is the RFC 6962 tree over leaves in the order of their subject hashes', () => {
    const sorted = [...leaves].sort((a, b) => Buffer.compare(a.subject, b.subject));
    expect(toHex(tree.root)).to.equal(toHex(rootOf(sorted.map(({ leaf }) => leaf))));
    expect([...tree.positions].sort((a, b) => a - b)).to.deep.equal(leaves.map((_, n) => n));
    expect(toHex(commitRecords([...leaves].reverse()).root)).to.equal(toHex(tree.root));
  });
  it('hashes a leaf by columns, one for each field of the schema', () => {
    const columns = names.map((name, place) => {
      const values = recordsAt(2).map((record) => inOrder(names, record)[place]!);
      return columnHash(name, fieldHashes(values, columnSalts(secretAt(2), name, 2)));
    });
    expect(leaves[2]!.columns.map(toHex)).to.deep.equal(columns.map(toHex));
    expect(toHex(leaves[2]!.leaf)).to.equal(toHex(leafHash(leafData(leaves[2]!.subject, 2, columns))));
  });
  it('does not take a subject twice, and commits to nothing too', () => {
    expect(() => commitRecords([leaves[1]!, leaves[1]!])).to.throw(RangeError);
    expect(toHex(commitRecords([]).root)).to.equal(toHex(rootOf([])));
  });
});

describe('sealing/record-proof (rule 39)', () => {
  it('shows exactly what was decided, and proves it', async () => {
    const payload = await prove(2, some);
    expect(valueIn(verifyPayload(payload, expectedFor(2)))).to.deep.equal([
      { values: { balanceFen: 200, overdueDays: 0 }, withheldFields: ['subjectId', 'note'] },
      { withheld: 'period-ended' },
    ]);
    const text = JSON.stringify(payload.fields);
    expect(text).not.to.contain('信').and.not.to.contain('201').and.not.to.contain('code-2');
  });

  it('proves every subject, with no record and with any subset of fields', async () => {
    const fields = fc.subarray(['balanceFen', 'overdueDays']);
    const decision = fc.oneof(
      fields.map((list): ServingDecision => ({ fields: list })),
      fc.constant<ServingDecision>({ withheld: 'not-public' }),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(count - 1), fc.array(decision, { minLength: 2, maxLength: 2 }), async (n, decisions) => {
        const payload = await prove(n, decisions.slice(0, n % 3));
        const verified = valueIn(verifyPayload(JSON.parse(JSON.stringify(payload)), expectedFor(n)));
        expect(verified.length).to.equal(n % 3);
        verified.forEach((record, at) => {
          if ('withheld' in record) return;
          for (const [name, value] of Object.entries(record.values)) expect(value).to.equal(recordsAt(n)[at]![name]);
        });
      }),
    );
  });

  it('takes "no record" from the provider’s word', () => {
    expect(valueIn(verifyPayload(proveNone(answerFor(1)), expectedFor(1)))).to.deep.equal([]);
  });

  it('refuses another subject’s file, another usage, dataset or version', async () => {
    const payload = await prove(2, some);
    expect(codeOf(verifyPayload(payload, expectedFor(5)))).to.equal('RECORD_PROOF_SUBJECT');
    expect(codeOf(verifyPayload({ ...payload, subject: subjectAt(5) }, expectedFor(5)))).to.equal('RECORD_PROOF_MISMATCH');
    expect(codeOf(verifyPayload(payload, expectedFor(2, { usage: '0f8fad5b-d9cb-469f-a165-70867728950f' as UsageId })))).to.equal(
      'RECORD_PROOF_SUBJECT',
    );
    expect(codeOf(verifyPayload(payload, expectedFor(2, { dataset: 'x' as DatasetId })))).to.equal('RECORD_PROOF_SUBJECT');
    expect(codeOf(verifyPayload(payload, expectedFor(2, { version: 5 })))).to.equal('RECORD_PROOF_SUBJECT');
    expect(codeOf(verifyPayload(proveNone(answerFor(1)), expectedFor(1, { version: 5 })))).to.equal('RECORD_PROOF_SUBJECT');
  });

  it('refuses what was altered: a value, a salt, a hash, an order, a record more or less, a path', async () => {
    const payload = await prove(2, some);
    const other = toBase64url(new Uint8Array(32));
    const withFields = (change: (fields: readonly PayloadField[]) => unknown) => ({ ...payload, fields: change(payload.fields) });
    const withField = (name: string, change: (field: never) => object) =>
      withFields((fields) => fields.map((field) => (field.name === name ? change(field as never) : field)));
    const withBalance = (first: unknown) =>
      withField('balanceFen', ({ cells, ...field }: ShownField) => ({ ...field, cells: [first, ...cells.slice(1)] }));
    const wrong: unknown[] = [
      withBalance(201),
      withBalance('200'),
      withField('balanceFen', (field: ShownField) => ({ ...field, salts: toBase64url(new Uint8Array(16)) })),
      withField('balanceFen', ({ cells, ...field }: ShownField) => ({ ...field, cells: [cells[0], { hash: other }] })),
      withField('balanceFen', (field: ShownField) => ({ ...field, name: 'overdueDays' })),
      withField('note', (field: PayloadField) => ({ ...field, hash: other })),
      withFields((fields) => [...fields].reverse()),
      withFields((fields) => fields.slice(1)),
      withFields((fields) => [...fields, { name: 'more', hash: other, reason: 'not-authorized' }]),
      { ...payload, leafIndex: (payload.leafIndex + 1) % count },
      { ...payload, treeSize: count + 1 },
      { ...payload, path: payload.path.slice(1) },
      { ...payload, path: [...payload.path].reverse() },
      { ...payload, subjectSalt: toBase64url(new Uint8Array(16)) },
    ];
    for (const one of wrong) expect(codeOf(verifyPayload(one, expectedFor(2))), JSON.stringify(one)).to.equal('RECORD_PROOF_MISMATCH');
    expect(codeOf(verifyPayload(payload, expectedFor(2, { root: new Uint8Array(32) })))).to.equal('RECORD_PROOF_MISMATCH');
  });

  it('refuses another number of records, also where no field is shown', async () => {
    const hidden = await prove(2, [{ withheld: 'lenient' }, { withheld: 'not-public' }]);
    expect(hidden.fields.map((field) => ('hash' in field ? field.reason : ''))).to.deep.equal(names.map(() => 'lenient'));
    expect(valueIn(verifyPayload(hidden, expectedFor(2)))).to.deep.equal([{ withheld: 'lenient' }, { withheld: 'not-public' }]);
    for (const records of [1, 3]) {
      const withheld = hidden.withheld.slice(0, records);
      expect(codeOf(verifyPayload({ ...hidden, records, withheld }, expectedFor(2)))).to.equal('RECORD_PROOF_MISMATCH');
    }
    const two = await prove(2, [{ fields: ['balanceFen'] }, { fields: ['balanceFen'] }]);
    const swapped = two.fields.map((field) => ('cells' in field ? { ...field, cells: [...field.cells].reverse() } : field));
    const shorter = two.fields.map((field) =>
      'cells' in field
        ? { ...field, cells: field.cells.slice(1), salts: toBase64url(columnSalts(secretAt(2), field.name, 2).subarray(16)) }
        : field,
    );
    expect(codeOf(verifyPayload({ ...two, fields: swapped }, expectedFor(2)))).to.equal('RECORD_PROOF_MISMATCH');
    expect(codeOf(verifyPayload({ ...two, records: 1, fields: shorter }, expectedFor(2)))).to.equal('RECORD_PROOF_MISMATCH');
  });

  it('shows a field in some records only, where it was so decided', async () => {
    const payload = await prove(2, [{ fields: ['balanceFen'] }, { fields: ['balanceFen', 'overdueDays'] }]);
    expect(valueIn(verifyPayload(payload, expectedFor(2)))).to.deep.equal([
      { values: { balanceFen: 200 }, withheldFields: ['subjectId', 'note', 'overdueDays'] },
      { values: { balanceFen: 201, overdueDays: 1 }, withheldFields: ['subjectId', 'note'] },
    ]);
  });

  it('refuses fields nobody asked for, even with a right proof, unless they always come', async () => {
    const payload = await prove(2, [{ fields: ['balanceFen', 'note'] }, { withheld: 'lenient' }]);
    expect(codeOf(verifyPayload(payload, expectedFor(2)))).to.equal('RECORD_PROOF_MISMATCH');
    expect(verifyPayload(payload, expectedFor(2), ['note']).ok).to.equal(true);
  });

  it('refuses what has not the form', async () => {
    const payload = await prove(2, some);
    for (const bad of [
      null,
      [],
      {},
      { ...payload, v: 2 },
      { ...payload, more: 1 },
      { ...payload, path: ['x'] },
      { ...payload, path: payload.path.map((node) => `${node.slice(0, -1)}B`) },
      { ...payload, records: -1 },
      { ...payload, records: 1_000_001 },
      { ...payload, records: 1 },
      { ...payload, records: 3 },
      { ...payload, withheld: [{ record: 1, reason: 'because' }] },
      { ...payload, withheld: [{ record: 2, reason: 'lenient' }] },
      { ...payload, withheld: [{ record: 0, reason: 'lenient' }] },
      { ...payload, withheld: [...payload.withheld, ...payload.withheld] },
      { ...payload, fields: [{ name: 'a', hash: 'x', reason: 'lenient' }] },
      { ...payload, fields: [{ name: 'a', hash: toBase64url(new Uint8Array(32)), reason: 'because' }] },
      ...[
        '',
        'A',
        toBase64url(new Uint8Array(15)),
        toBase64url(new Uint8Array(32)),
        `${toBase64url(new Uint8Array(16)).slice(0, -1)}B`,
      ].map((salts) => ({ ...payload, fields: payload.fields.map((field) => ('cells' in field ? { ...field, salts } : field)) })),
      {
        ...payload,
        fields: payload.fields.map((field) => ('cells' in field ? { ...field, cells: [1.5, ...field.cells.slice(1)] } : field)),
      },
    ])
      expect(codeOf(verifyPayload(bad, expectedFor(2)))).to.equal('RECORD_PROOF_MALFORMED');
  });

  it('throws when a record has no decision, or a field no hash', async () => {
    const failed = await prove(2, []).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failed).to.be.instanceOf(RangeError);
    const found = { records: recordsAt(1), secret: secretAt(1), columns: new Uint8Array(32), leafIndex: 0, treeSize: 1, path: [] };
    expect(() => proveRecords(names, answerFor(1), found, [{ fields: [] }])).to.throw(RangeError);
  });
});
