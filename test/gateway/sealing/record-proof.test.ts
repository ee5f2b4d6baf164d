import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalJson } from '../../../gateway/domain/canonical.ts';
import { toBase64url, toHex } from '../../../gateway/domain/hash.ts';
import type { DatasetId, UsageId } from '../../../gateway/domain/ids.ts';
import { rootOf } from '../../../gateway/domain/merkle.ts';
import type { ServingDecision } from '../../../gateway/domain/serving-rules.ts';
import type { SubjectRef } from '../../../gateway/domain/subject.ts';
import type { PayloadWithRecords } from '../../../gateway/sealing/payload.ts';
import { commitRecords, commitSubjectRecords, inOrder, type RecordFields } from '../../../gateway/sealing/record-commitment.ts';
import { fieldHash, fieldSalts, recordHash, subjectHash, subjectSalt, subjectSecret } from '../../../gateway/sealing/record-hash.ts';
import { type ExpectedPayload, proveNone, proveRecords, verifyPayload } from '../../../gateway/sealing/record-proof.ts';
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
  it('hashes fields, records and subjects as the protocol says', () => {
    const value = '信';
    expect(toHex(fieldHash(salt, 'note', value))).to.equal(
      sha([0x10], salt, [0, 4], Buffer.from('note'), Buffer.from(canonicalJson(value))),
    );
    expect(toHex(fieldHash(salt, 'n', null))).to.equal(sha([0x10], salt, [0, 1], Buffer.from('nnull')));
    expect(toHex(recordHash([salt, salt]))).to.equal(sha([0x11], salt, salt));
    expect(toHex(subjectHash(salt, subjectAt(1)))).to.equal(sha([0x12], salt, Buffer.from('enterprise:code-1')));
  });
  it('salts every subject, record and field of every import on its own', () => {
    const salts = [
      subjectSalt(secretAt(1)),
      subjectSalt(secretAt(2)),
      subjectSalt(subjectSecret(new Uint8Array(32), 'key-1')),
      ...fieldSalts(secretAt(1), 0, 4),
      ...fieldSalts(secretAt(1), 1, 4),
      ...fieldSalts(secretAt(2), 0, 4),
    ];
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
    const text = JSON.stringify(payload.records);
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
    const [shown, hidden] = payload.records as [
      Extract<PayloadWithRecords['records'][number], { fields: unknown }>,
      PayloadWithRecords['records'][number],
    ];
    const other = toBase64url(new Uint8Array(32));
    const withFields = (change: (fields: typeof shown.fields) => unknown) => ({
      ...payload,
      records: [{ fields: change(shown.fields) }, hidden],
    });
    const wrong: unknown[] = [
      withFields((fields) => fields.map((field) => (field.name === 'balanceFen' ? { ...field, value: 201 } : field))),
      withFields((fields) => fields.map((field) => (field.name === 'balanceFen' ? { ...field, value: '200' } : field))),
      withFields((fields) =>
        fields.map((field) => (field.name === 'balanceFen' ? { ...field, salt: toBase64url(new Uint8Array(16)) } : field)),
      ),
      withFields((fields) => fields.map((field) => (field.name === 'note' ? { ...field, hash: other } : field))),
      withFields((fields) => [...fields].reverse()),
      withFields((fields) => fields.slice(1)),
      { ...payload, records: [shown] },
      { ...payload, records: [hidden, shown] },
      { ...payload, records: [shown, hidden, hidden] },
      { ...payload, records: [] },
      { ...payload, leafIndex: (payload.leafIndex + 1) % count },
      { ...payload, treeSize: count + 1 },
      { ...payload, path: payload.path.slice(1) },
      { ...payload, path: [...payload.path].reverse() },
      { ...payload, subjectSalt: toBase64url(new Uint8Array(16)) },
    ];
    for (const one of wrong) expect(codeOf(verifyPayload(one, expectedFor(2))), JSON.stringify(one)).to.equal('RECORD_PROOF_MISMATCH');
    expect(codeOf(verifyPayload(payload, expectedFor(2, { root: new Uint8Array(32) })))).to.equal('RECORD_PROOF_MISMATCH');
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
      { ...payload, records: [{ hash: 'x', reason: 'lenient' }] },
      { ...payload, records: [{ hash: toBase64url(new Uint8Array(32)), reason: 'because' }] },
    ])
      expect(codeOf(verifyPayload(bad, expectedFor(2)))).to.equal('RECORD_PROOF_MALFORMED');
  });

  it('throws when a record has no decision', async () => {
    const failed = await prove(2, []).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failed).to.be.instanceOf(RangeError);
  });
});
