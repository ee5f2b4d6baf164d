import { expect } from 'chai';
import { Wallet } from 'ethers';
import fc from 'fast-check';
import { chainSignatureLine } from '../../../gateway/audit/chain-signature.ts';
import { checkpointText, logOrigin } from '../../../gateway/audit/checkpoint.ts';
import { type ForkEvidence, forkEvidence, formatForkEvidence, readForkEvidence } from '../../../gateway/audit/fork-evidence.ts';
import { forkOfNotes } from '../../../gateway/audit/fork-of-notes.ts';
import { judgeFork } from '../../../gateway/audit/judge-fork.ts';
import { formatNote } from '../../../gateway/audit/note.ts';
import { fromHex } from '../../../gateway/domain/hash.ts';
import type { Address, Hex, MemberId } from '../../../gateway/domain/ids.ts';
import { evidenceOf, forkedBetween, forkedBy, historyOf, statement } from '../../helpers/forks.ts';
import { testAccount } from '../../helpers/member-documents.ts';
import { naiveConsistency, naiveRoot } from '../../helpers/naive-merkle.ts';
import { codeOf, valueIn } from '../../helpers/refusal.ts';

const place = { chainId: 619_900, anchor: '0x00000000000000000000000000000000000000aa' as Address };
const member = 'grid-qinchuan' as MemberId;
const parsed = (evidence: ForkEvidence): Record<string, unknown> => JSON.parse(formatForkEvidence(evidence));

describe('audit/fork-evidence', () => {
  it('reads what it writes', async () => {
    for (const evidence of [await forkedBy(member, 7, place), await forkedBetween(member, 6, 11, place)]) {
      expect(valueIn(readForkEvidence(parsed(evidence)))).to.deep.equal(evidence);
      const anchored = { ...evidence, second: { ...evidence.second, account: null, signature: null } };
      expect(valueIn(readForkEvidence(parsed(anchored)))).to.deep.equal(anchored);
    }
  });

  it('brings two checkpoints into the one order', async () => {
    const { first, second, extendedRoot, consistency, ...log } = await forkedBetween(member, 6, 11, place);
    const answer = { fromRoot: extendedRoot, proof: consistency };
    expect(forkEvidence(log, second, first, answer)).to.deep.equal(forkEvidence(log, first, second, answer));
    const equal = await forkedBy(member, 7, place);
    expect(forkEvidence(equal, equal.second, equal.first, answer)).to.deep.include({ first: equal.first, second: equal.second });
    expect(equal.first.root < equal.second.root).to.equal(true);
  });

  it('refuses what has not exactly its form', async () => {
    const evidence = parsed(await forkedBetween(member, 6, 11, place));
    const first = evidence.first as Record<string, unknown>;
    const changes: readonly Record<string, unknown>[] = [
      { kind: 'xinshu-evidence' },
      { version: 2 },
      { chainId: '619900' },
      { anchor: '0x00' },
      { anchor: '0x00000000000000000000000000000000000000aA' },
      { member: 'Grid' },
      { member: 'x'.repeat(32) },
      { log: -1 },
      { log: 2 ** 32 },
      { suite: '' },
      { first: null },
      { first: { ...first, size: 2 ** 53 } },
      { first: { ...first, size: 1.5 } },
      { first: { ...first, root: '0x12' } },
      { first: { ...first, account: null } },
      { first: { ...first, signature: '0x' } },
      { first: { ...first, signature: `0x${'00'.repeat(4097)}` } },
      { first: { ...first, more: 1 } },
      { extendedRoot: null },
      { consistency: 'none' },
      { consistency: ['0x12'] },
      { consistency: Array.from({ length: 55 }, () => evidence.extendedRoot) },
      { more: 1 },
    ];
    for (const change of changes)
      expect(codeOf(readForkEvidence({ ...evidence, ...change })), JSON.stringify(change)).to.equal('FORK_EVIDENCE_MALFORMED');
    for (const other of [undefined, null, 7, 'text', [], [evidence]])
      expect(codeOf(readForkEvidence(other))).to.equal('FORK_EVIDENCE_MALFORMED');
    fc.assert(fc.property(fc.jsonValue(), (value) => !readForkEvidence(value).ok));
  });
});

describe('audit/judge-fork', () => {
  it('finds every pair of sizes at which two histories differ, and says who signed', async () => {
    for (const [first, second] of [
      [4, 5],
      [4, 11],
      [6, 8],
      [8, 9],
      [7, 16],
    ] as const) {
      const judged = valueIn(judgeFork(await forkedBetween(member, first, second, place)));
      expect([judged.first, judged.second]).to.deep.equal(['signed', 'signed']);
    }
    expect(valueIn(judgeFork(await forkedBy(member, 9, place))).id).to.match(/^0x[0-9a-f]{64}$/);
  });

  it('leaves to the chain what only the chain knows', async () => {
    const evidence = await forkedBetween(member, 6, 11, place);
    const { first, second } = evidence;
    const state = (change: Partial<ForkEvidence>) => valueIn(judgeFork({ ...evidence, ...change }));
    expect(state({ first: { ...first, account: null, signature: null } }).first).to.equal('anchored');
    expect(state({ second: { ...second, account: Wallet.createRandom().address as Address } }).second).to.equal('unknown');
    expect(state({ second: { ...second, signature: `${second.signature}00` as Hex } }).second).to.equal('unknown');
    // Signed for another log, chain or contract: not signed at all.
    for (const change of [{ log: 1 }, { chainId: 1 }, { anchor: second.account as Address }])
      expect(state(change)).to.include({ first: 'unknown', second: 'unknown' });
  });

  it('is proved by no two checkpoints of one history, whatever is claimed', async () => {
    const leaves = historyOf('shown', 11);
    const [small, large] = await Promise.all([6, 11].map((size) => statement(place, member, size, naiveRoot(leaves.slice(0, size)))));
    const honest = evidenceOf(place, member, small!, large!, { fromRoot: small!.root, proof: naiveConsistency(6, leaves) });
    const reason = (change: Partial<ForkEvidence>): unknown => {
      const judged = judgeFork({ ...honest, ...change });
      return judged.ok ? 'proven' : [judged.refusal.code, judged.refusal.detail.reason];
    };
    expect(reason({})).to.deep.equal(['FORK_NOT_PROVEN', 'one-history']);
    expect(reason({ extendedRoot: large!.root })).to.deep.equal(['FORK_NOT_PROVEN', 'proof']);
    expect(reason({ first: large!, second: small! })).to.deep.equal(['FORK_NOT_PROVEN', 'order']);
    expect(reason({ first: { ...small!, size: 0 } })).to.deep.equal(['FORK_NOT_PROVEN', 'empty-log']);
    expect(reason({ suite: 'rfc6962-sm3' })).to.deep.equal(['FORK_NOT_PROVEN', 'suite']);
    const word = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes): Hex => `0x${Buffer.from(bytes).toString('hex')}`);
    const right = honest.consistency;
    const proof = fc.oneof(
      fc.array(word, { maxLength: 8 }),
      fc.tuple(fc.nat(right.length - 1), word).map(([at, other]) => right.toSpliced(at, 1, other)),
      fc.nat(right.length).map((length) => right.slice(0, length)),
      word.map((other) => [...right, other]),
    );
    fc.assert(fc.property(word, proof, (extendedRoot, consistency) => !judgeFork({ ...honest, extendedRoot, consistency }).ok));
  });

  it('is not proved by a proof that is cut, longer, or of another size', async () => {
    const evidence = await forkedBetween(member, 6, 11, place);
    const { consistency } = evidence;
    const hidden = historyOf('hidden', 11);
    for (const other of [
      [],
      consistency.slice(1),
      consistency.slice(0, -1),
      [...consistency, evidence.extendedRoot],
      naiveConsistency(7, hidden),
      naiveConsistency(6, hidden.slice(0, 10)),
    ])
      expect(codeOf(judgeFork({ ...evidence, consistency: other }))).to.equal('FORK_NOT_PROVEN');
    const equal = await forkedBy(member, 7, place);
    expect(codeOf(judgeFork({ ...equal, consistency: [equal.extendedRoot] }))).to.equal('FORK_NOT_PROVEN');
  });
});

describe('audit/fork-of-notes', () => {
  const account = testAccount(member);
  const noteKey = new Uint8Array(32).fill(7);
  const noteOf = async (size: number, root: Hex, signers: readonly Wallet[]): Promise<string> => {
    const origin = logOrigin(place.chainId, member, 0);
    const text = checkpointText({ origin, size, root: fromHex(root) });
    const lines = await Promise.all(
      signers.map(async (by) => {
        const { signature } = await statement(place, member, size, root, by);
        return chainSignatureLine(origin, by.address as Address, signature as Hex);
      }),
    );
    return formatNote(text, origin, noteKey, new Uint8Array(64)) + lines.join('');
  };
  const hidden = historyOf('hidden', 11);
  const answer = { fromRoot: naiveRoot(hidden.slice(0, 6)), proof: naiveConsistency(6, hidden) };
  const notes = async (...signers: Wallet[]): Promise<[string, string]> => [
    await noteOf(6, naiveRoot(historyOf('shown', 6)), signers),
    await noteOf(11, naiveRoot(hidden), signers),
  ];
  const log = { ...place, member, log: 0, accounts: [account.address as Address] };

  it('makes evidence for the chain of two published notes', async () => {
    const evidence = forkOfNotes(log, await notes(Wallet.createRandom() as unknown as Wallet, account), answer)!;
    expect(evidence).to.deep.equal(await forkedBetween(member, 6, 11, place));
    expect(valueIn(judgeFork(evidence))).to.include({ first: 'signed', second: 'signed' });
  });

  it('makes none where a note was not signed for the chain by an account of the member, or is of another log', async () => {
    expect(forkOfNotes(log, await notes(), answer)).to.equal(undefined);
    expect(forkOfNotes(log, await notes(testAccount('stranger')), answer)).to.equal(undefined);
    const signed = await notes(account);
    expect(forkOfNotes({ ...log, log: 1 }, signed, answer)).to.equal(undefined);
    expect(forkOfNotes({ ...log, chainId: 1 }, signed, answer)).to.equal(undefined);
    expect(forkOfNotes(log, [signed[0], 'no note'], answer)).to.equal(undefined);
  });
});
