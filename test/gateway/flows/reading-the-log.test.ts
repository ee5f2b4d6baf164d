import { expect } from 'chai';
import { logOrigin } from '../../../gateway/audit/checkpoint.ts';
import { decodeLeaf } from '../../../gateway/audit/leaf.ts';
import { openNote } from '../../../gateway/audit/note.ts';
import { type HistoryLine, verifyHistoryLine } from '../../../gateway/cli/verification/verify-history.ts';
import { type HistoryRequestMessage, historyRequestDomain, historyRequestTypes } from '../../../gateway/domain/consent-typed-data.ts';
import { fromHex } from '../../../gateway/domain/hash.ts';
import type { ConsentId, Hex, MemberId, UsageId } from '../../../gateway/domain/ids.ts';
import { keysInForce } from '../../../gateway/domain/member-keys.ts';
import { leafHash } from '../../../gateway/domain/merkle.ts';
import { verifyConsistency, verifyInclusion } from '../../../gateway/domain/merkle-verify.ts';
import { anchorLog } from '../../../gateway/flows/anchor-log.ts';
import type { Modules } from '../../../gateway/flows/modules.ts';
import { proveConsistency } from '../../../gateway/flows/prove-consistency.ts';
import { proveInclusion } from '../../../gateway/flows/prove-inclusion.ts';
import { readCheckpoint } from '../../../gateway/flows/read-checkpoint.ts';
import { type HistoryEntry, readHistory } from '../../../gateway/flows/read-history.ts';
import { readLog } from '../../../gateway/flows/read-log.ts';
import { readOpenings } from '../../../gateway/flows/read-openings.ts';
import { readStatus } from '../../../gateway/flows/read-status.ts';
import { readUsage } from '../../../gateway/flows/read-usage.ts';
import { requestRecord } from '../../../gateway/flows/request-record.ts';
import { believes, consumer, giveConsent, members, provider, publish, query, type TestConsent } from '../../helpers/electricity.ts';
import { codeOf, type GatewayNetwork, good, startGatewayNetwork } from '../../helpers/gateway-network.ts';

const lineOf = (entry: HistoryEntry): HistoryLine => ({
  ...entry,
  leaf: Buffer.from(entry.leaf).toString('base64url'),
  anchoredSize: entry.anchoredSize ?? null,
  opening: entry.opening ?? null,
  evidence: entry.evidence ?? null,
});

describe('reading the log and the history', () => {
  let network: GatewayNetwork;
  let consent: TestConsent;
  let usage: UsageId;
  before(async () => {
    network = await startGatewayNetwork(members, believes);
    await publish(network);
    consent = await giveConsent(network);
    usage = good(await requestRecord(bank(), query(consent))).usage;
    good(await requestRecord(bank(), query(consent)));
    good(await anchorLog(grid()));
    await network.settled();
    good(await requestRecord(bank(), query(consent)));
  });
  after(() => network.remove());
  const bank = () => network.gateway(consumer).modules;
  const grid = () => network.gateway(provider).modules;

  const asked = async (at: Modules, change: Partial<HistoryRequestMessage> = {}, signer = consent.wallet) => {
    const deadline = Math.floor(Date.now() / 1000) + 300;
    const report: Hex = `0x${'ab'.repeat(32)}`;
    const request: HistoryRequestMessage = {
      consent: consent.id,
      member: at.member,
      log: 0,
      from: 0,
      count: 10,
      report,
      since: 0,
      deadline,
      ...change,
    };
    return {
      request,
      signature: (await signer.signTypedData(historyRequestDomain(at.ledger.chainId), historyRequestTypes, request)) as Hex,
    };
  };

  it('gives the owner of the key every entry under the consent, proved, without the names of staff', async () => {
    const { entries, end, report } = good(await readHistory(grid(), await asked(grid())));
    expect(end?.size).to.equal(3);
    expect(report, 'not a person').to.equal(null);
    const anchors = grid().ledger.head().anchors(grid().member, 0);
    const verified = entries.map((entry) => verifyHistoryLine(grid().member, 0, consent.opening.historyKey, anchors, lineOf(entry)));
    expect(verified.map(({ state, leaf }) => [state, leaf?.step])).to.deep.equal([
      ['anchored', 'served'],
      ['anchored', 'served'],
      ['waiting', 'served'],
    ]);
    expect(verified[0]?.usage).to.equal(usage);
    expect(verified[0]?.values).to.include({ counterparty: consumer, purpose: 'loan-approval' });
    expect(verified[0]?.values).not.to.have.any.keys('staff', 'reviewer');
    expect(good(decodeLeaf(entries[0]!.leaf)).commitments).to.include.keys('staff');
  });

  it('pages, and says whether there is more', async () => {
    const first = good(await readHistory(grid(), await asked(grid(), { count: 2 })));
    const rest = good(await readHistory(grid(), await asked(grid(), { from: 2, count: 2 })));
    expect([first.entries.length, first.end, rest.entries.length, rest.end?.size]).to.deep.equal([2, undefined, 1, 3]);
    expect(codeOf(await readHistory(grid(), await asked(grid(), { from: 4 })))).to.equal('LOG_RANGE_INVALID');
  });

  it('finds a false answer: another entry, another proof, a value that was changed', async () => {
    const { entries } = good(await readHistory(grid(), await asked(grid())));
    const anchors = grid().ledger.head().anchors(grid().member, 0);
    const line = (at: number) => lineOf(entries[at]!);
    const problem = (change: object, key = consent.opening.historyKey) =>
      verifyHistoryLine(grid().member, 0, key, anchors, { ...line(0), ...change }).problem;
    expect(problem({})).to.equal(undefined);
    expect(problem({ n: 1 })).to.equal('tag');
    expect(problem({}, `0x${'00'.repeat(32)}`)).to.equal('tag');
    expect(problem({ index: line(0).index + 1 })).to.equal('proof');
    expect(problem({ proof: line(1).proof })).to.equal('proof');
    expect(problem({ anchoredSize: 1_000_000 })).to.equal('size');
    expect(problem({ leaf: 'e30' })).to.equal('malformed');
    expect(problem({ opening: { ...line(0).opening!, values: { ...line(0).opening!.values, purpose: 'other' } } })).to.equal('value');
  });

  it('refuses everybody else', async () => {
    const stranger = consent.wallet.constructor as typeof import('ethers').Wallet;
    const other = new stranger(`0x${'77'.repeat(32)}`);
    const refusal = async (change: Partial<HistoryRequestMessage>, signer = consent.wallet) =>
      codeOf(await readHistory(grid(), await asked(grid(), change, signer)));
    const now = Math.floor(Date.now() / 1000);
    expect(await refusal({}, other as typeof consent.wallet)).to.equal('HISTORY_SIGNATURE_INVALID');
    expect(await refusal({ deadline: now - 1 })).to.equal('HISTORY_REQUEST_EXPIRED');
    expect(await refusal({ deadline: now + 3600 })).to.equal('HISTORY_REQUEST_EXPIRED');
    expect(await refusal({ member: consumer as MemberId })).to.equal('HISTORY_REQUEST_EXPIRED');
    expect(await refusal({ log: 1 })).to.equal('LOG_RANGE_INVALID');
    expect(await refusal({ since: 4 })).to.equal('LOG_RANGE_INVALID');
    expect(await refusal({ count: 101 })).to.equal('LOG_RANGE_INVALID');
    expect(await refusal({ consent: `0x${'55'.repeat(32)}` as ConsentId })).to.equal('CONSENT_UNKNOWN');
    const good_ = await asked(grid());
    expect(codeOf(await readHistory(grid(), { ...good_, request: { ...good_.request, from: 1 } }))).to.equal('HISTORY_SIGNATURE_INVALID');
  });

  it('streams leaves and openings, proves inclusion and consistency, signs the checkpoint', async () => {
    const { size, root, note, anchored } = await readCheckpoint(bank());
    const leaves: Uint8Array[] = [];
    for await (const { leaf } of good(await readLog(bank(), { from: 0, to: undefined }))) leaves.push(leaf);
    expect(leaves.length).to.equal(size);
    const openings = [];
    for await (const { index, opening } of good(await readOpenings(bank(), { from: 1, to: 3 }))) openings.push([index, opening?.index]);
    expect(openings).to.deep.equal([
      [1, 1],
      [2, 2],
    ]);
    const inclusion = good(await proveInclusion(bank(), { index: 1, size }));
    expect(verifyInclusion(leafHash(leaves[1]!), 1, size, inclusion.proof.map(fromHex), fromHex(root))).to.equal(true);
    const consistency = good(await proveConsistency(bank(), { from: 2, to: size }));
    expect(verifyConsistency(2, size, fromHex(consistency.fromRoot), fromHex(root), consistency.proof.map(fromHex))).to.equal(true);
    const key = keysInForce(bank().ledger.head().member(bank().member)?.keys ?? [], 'note', bank().ledger.head().block.number).at(-1)!;
    const origin = logOrigin(bank().ledger.chainId, bank().member, 0);
    expect(good(openNote(note, origin, fromHex(key.data)))).to.equal(
      `${origin}\n${size}\n${Buffer.from(fromHex(root)).toString('base64')}\n`,
    );
    expect(anchored).to.equal(null);
    expect((await readCheckpoint(grid())).anchored).to.include({ size: 2 });
    expect(
      good(await readUsage(bank(), { usage }))
        .map(({ step }) => step)
        .sort(),
    ).to.deep.equal(['received', 'requested']);
    expect(await readStatus(grid())).to.deep.include({
      member: provider,
      status: 'active',
      healthy: true,
      log: { number: 0, size: 3, anchoredSize: 2, lagLeaves: 1 },
    });
  });

  it('asks for a fresh block before it calls a quiet chain old', async () => {
    let asked = 0;
    const ledger = new Proxy(grid().ledger, {
      get: (target, name) => {
        if (name === 'freshen') asked += 1;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const ahead = (seconds: number) => ({ ...grid(), ledger, clock: { now: () => Date.now() + seconds * 1000 } });
    const limit = ledger.head().parameter('max-block-age');
    expect((await readStatus(ahead(limit * 0.7))).healthy).to.equal(true);
    expect(asked).to.equal(1);
    expect((await readStatus(ahead(limit * 2))).healthy).to.equal(false);
  });

  it('refuses what the log does not hold', async () => {
    const size = bank().audit.size();
    expect(codeOf(await readLog(bank(), { from: 2, to: 1 }))).to.equal('LOG_RANGE_INVALID');
    expect(codeOf(await readOpenings(bank(), { from: 0, to: size + 1 }))).to.equal('LOG_RANGE_INVALID');
    expect(codeOf(await proveInclusion(bank(), { index: size, size }))).to.equal('LOG_RANGE_INVALID');
    expect(codeOf(await proveInclusion(bank(), { index: 0, size: size + 1 }))).to.equal('LOG_RANGE_INVALID');
    expect(codeOf(await proveConsistency(bank(), { from: 0, to: 1 }))).to.equal('LOG_RANGE_INVALID');
    expect(codeOf(await readUsage(bank(), { usage: '00000000-0000-4000-8000-000000000000' as UsageId }))).to.equal('USAGE_UNKNOWN');
  });
});
