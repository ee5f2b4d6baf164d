import { expect } from 'chai';
import { entry, proofOf, rootOf } from '../helpers/checkpoints.ts';
import { expectEvent, expectRefused } from '../helpers/expect.ts';
import { against, anchored, asArray, type Evidence, idOfFork, signed } from '../helpers/forks.ts';
import { code, ethers, idOf, latestBlock, pauseFor, send, suspend, view, type World, world } from '../helpers/world.ts';

const refused = (w: World, evidence: Evidence, ...error: [string, ...unknown[]]): Promise<void> =>
  expectRefused(w, { to: w.contracts.anchor, by: w.spare, call: ['reportFork', evidence], error });

/** By anyone: the event carries everything, contract and registry both remember. */
const recorded = async (w: World, evidence: Evidence, count = 1): Promise<void> => {
  const { anchor: to, members } = w.contracts;
  const id = idOfFork(evidence);
  const event = ['ForkRecorded', id, evidence.member, evidence.log, asArray(evidence)] as const;
  await expectEvent(w, { to, by: w.stranger, call: ['reportFork', evidence], event });
  const block = await latestBlock();
  const marked = await members.queryFilter('ForkEvidenced', block);
  expect(marked.map((log) => ('args' in log ? [...log.args] : []))).to.deep.equal([[evidence.member, id, BigInt(count)]]);
  const { first, second, suite, log } = evidence;
  const kept = [id, suite, first.root, second.root, BigInt(log), BigInt(first.size), BigInt(second.size), BigInt(block)];
  expect(await view(to, 'forkAt', evidence.member, count - 1)).to.deep.equal(kept);
  expect(await view(to, 'forkCount', evidence.member)).to.equal(BigInt(count));
  expect(await view(to, 'isForkRecorded', id)).to.equal(true);
  expect((await view(members, 'forksOf', evidence.member)).count).to.equal(BigInt(count));
  await refused(w, evidence, 'ForkJudgeKnown', id);
};

describe('ForkJudge: what is a fork', () => {
  it('is two signed roots of one size, in either order', async () => {
    const w = await world();
    await recorded(w, against(await signed(w, 9, 'honest'), await signed(w, 9, 'forked'), 'forked'));
    await recorded(w, against(await signed(w, 11, 'forked'), await signed(w, 11, 'honest'), 'honest'), 2);
  });

  it('is a larger checkpoint that does not extend a smaller one, at any two sizes', async () => {
    const w = await world();
    let count = 0;
    for (const first of [6, 7, 8, 16, 21]) {
      for (const second of [first + 1, 32, 45]) {
        const evidence = against(await signed(w, first, 'honest'), await signed(w, second, 'forked'), 'forked');
        count += 1;
        await recorded(w, evidence, count);
      }
    }
  });

  it('is a signed checkpoint against an anchored one, which needs no signature: smaller, equal or larger', async () => {
    const w = await world();
    const { anchor: to } = w.contracts;
    await send(to, w.spare, 'anchor', [await entry(w, 9)]);
    await recorded(w, against(anchored(9, 'honest'), await signed(w, 9, 'forked'), 'forked'));
    await send(to, w.spare, 'anchor', [await entry(w, 20, { from: 9 })]);
    await recorded(w, against(await signed(w, 7, 'forked'), anchored(20, 'honest'), 'honest'), 2);
    await recorded(w, against(anchored(20, 'honest'), await signed(w, 50, 'forked'), 'forked'), 3);
    // The last one proves what this one did; it alone is kept.
    const older = against(anchored(9, 'honest'), await signed(w, 50, 'forked'), 'forked');
    await refused(w, older, 'AuditAnchorNotAnchored', idOf('bank'), 0, older.suite, 9);
    const absent = against(anchored(10, 'honest'), await signed(w, 50, 'forked'), 'forked');
    await refused(w, absent, 'AuditAnchorNotAnchored', idOf('bank'), 0, absent.suite, 10);
    const other = against(anchored(20, 'forked'), await signed(w, 50, 'honest'), 'honest');
    await refused(w, other, 'AuditAnchorNotAnchored', idOf('bank'), 0, absent.suite, 20);
  });

  it('is judged while paused, and of suspended and former members', async () => {
    const w = await world();
    await pauseFor(w);
    await suspend(w, 'bank');
    await recorded(w, against(await signed(w, 9, 'honest'), await signed(w, 9, 'forked'), 'forked'));
    const [first] = await w.contracts.members.queryFilter('ForkEvidenced');
    await send(w.contracts.members, w.admin, 'remove', idOf('bank'));
    await recorded(w, against(await signed(w, 8, 'honest'), await signed(w, 9, 'forked'), 'forked'), 2);
    expect(await view(w.contracts.members, 'forksOf', idOf('bank'))).to.deep.equal([2n, BigInt(first?.blockNumber ?? 0)]);
  });
});

describe('ForkJudge: who signed', () => {
  it('counts any account the member had at any time, whichever it was', async () => {
    const w = await world();
    const { members } = w.contracts;
    const wallet = await ethers.deployContract('WalletMock', [w.spare.address]);
    const account = await wallet.getAddress();
    const before = await signed(w, 9, 'honest');
    await send(members, w.by.bank, 'rotateAccount', account);
    await recorded(w, against(before, await signed(w, 9, 'forked', w.spare, account), 'forked'));
    await recorded(w, against(before, await signed(w, 12, 'forked', w.spare, account), 'forked'), 2);
    // Signed by the former account after it was given up: refused for anchoring, but evidence all the same.
    const late = await signed(w, 15, 'forked');
    await recorded(w, against(before, late, 'forked'), 3);
    expect(await view(members, 'holderOf', w.by.bank.address)).to.equal(idOf('bank'));
    expect(await view(members, 'accountOf', idOf('bank'))).to.equal(account);
  });

  it("refuses accounts that never were the member's, and signatures that are not theirs", async () => {
    const w = await world();
    const honest = await signed(w, 9, 'honest');
    const by = (signer: World['admin'], account = signer.address) => signed(w, 9, 'forked', signer, account);
    const foreign = against(honest, await by(w.by.grid), 'forked');
    await refused(w, foreign, 'ForkJudgeForeignAccount', idOf('bank'), w.by.grid.address);
    await refused(w, against(honest, await by(w.stranger), 'forked'), 'ForkJudgeForeignAccount', idOf('bank'), w.stranger.address);
    const bank = w.by.bank.address;
    await refused(w, against(honest, await by(w.stranger, bank), 'forked'), 'AuditAnchorInvalidSignature', idOf('bank'), bank);
    const forked = against(honest, await by(w.by.bank), 'forked');
    await refused(w, { ...forked, log: 1 }, 'AuditAnchorInvalidSignature', idOf('bank'), bank);
    await refused(w, { ...forked, member: idOf('grid') }, 'ForkJudgeForeignAccount', idOf('grid'), bank);
    const trailing = { ...forked.second, signature: `${forked.second.signature}00` };
    await refused(w, { ...forked, second: trailing }, 'AuditAnchorInvalidSignature', idOf('bank'), bank);
    await recorded(w, forked);
  });

  it('is not worn down by a contract account that burns its gas', async () => {
    const w = await world();
    const wallet = await ethers.deployContract('WalletMock', [w.spare.address]);
    const account = await wallet.getAddress();
    const before = await signed(w, 9, 'honest');
    await send(w.contracts.members, w.by.bank, 'rotateAccount', account);
    const evidence = against(before, await signed(w, 9, 'forked', w.spare, account), 'forked');
    await send(wallet, w.spare, 'setManner', 4);
    await refused(w, evidence, 'AuditAnchorInvalidSignature', idOf('bank'), account);
    await send(wallet, w.spare, 'setManner', 0);
    await recorded(w, evidence);
  });
});

describe('ForkJudge: what is none', () => {
  it('refuses two checkpoints of one history, whatever is claimed about them', async () => {
    const w = await world();
    const [small, large] = [await signed(w, 9, 'honest'), await signed(w, 20, 'honest')];
    const honest = against(small, large, 'honest');
    await refused(w, honest, 'ForkJudgeNoContradiction', 9, rootOf(9));
    await refused(w, { ...honest, extendedRoot: rootOf(9, 'forked') }, 'AuditAnchorInconsistent', 9, 20);
    const forkedProof = { ...honest, extendedRoot: rootOf(9, 'forked'), consistency: proofOf(9, 20, 'forked') };
    await refused(w, forkedProof, 'AuditAnchorInconsistent', 9, 20);
    await refused(w, against(small, small, 'honest'), 'ForkJudgeNoContradiction', 9, rootOf(9));
    const invented = { ...against(small, small, 'honest'), extendedRoot: rootOf(9, 'forked') };
    await refused(w, invented, 'AuditAnchorInconsistent', 9, 9);
    // A power of two: the proof has no node below the first root, so that the claimed one alone decides.
    const power = against(await signed(w, 16, 'honest'), large, 'honest');
    await refused(w, { ...power, extendedRoot: rootOf(16, 'forked') }, 'AuditAnchorInconsistent', 16, 20);
    expect(await view(w.contracts.members, 'forksOf', idOf('bank'))).to.deep.equal([0n, 0n]);
    expect(await view(w.contracts.anchor, 'forkCount', idOf('bank'))).to.equal(0n);
  });

  it('refuses proofs that are too short, too long or for another size, and forms it does not know', async () => {
    const w = await world();
    const forked = against(await signed(w, 9, 'honest'), await signed(w, 20, 'forked'), 'forked');
    const { consistency } = forked;
    const { length } = consistency;
    await refused(w, { ...forked, consistency: [] }, 'AuditAnchorProofTooShort', 9, 20, 0);
    await refused(w, { ...forked, consistency: consistency.slice(1) }, 'AuditAnchorProofTooShort', 9, 20, length - 1);
    await refused(w, { ...forked, consistency: [...consistency, rootOf(1)] }, 'AuditAnchorProofTooLong', 9, 20, length + 1);
    const otherSize = proofOf(10, 20, 'forked');
    const error = otherSize.length < length ? 'AuditAnchorProofTooShort' : 'AuditAnchorInconsistent';
    const args = otherSize.length < length ? [9, 20, otherSize.length] : [9, 20];
    await refused(w, { ...forked, consistency: otherSize }, error, ...args);
    const equal = against(await signed(w, 9, 'honest'), await signed(w, 9, 'forked'), 'forked');
    await refused(w, { ...equal, consistency: [rootOf(1)] }, 'AuditAnchorProofTooLong', 9, 9, 1);
    const { first, second } = forked;
    await refused(w, { ...forked, first: second, second: first }, 'ForkJudgeUnordered', 20, second.root, 9, first.root);
    const turned = { ...equal, first: equal.second, second: equal.first };
    await refused(w, turned, 'ForkJudgeUnordered', 9, equal.second.root, 9, equal.first.root);
    await refused(w, { ...forked, suite: code('rfc6962-sm3') }, 'AuditAnchorUnsupportedSuite', code('rfc6962-sm3'));
    await refused(w, { ...forked, first: { ...first, size: 0 } }, 'AuditAnchorEmptyLog');
    await recorded(w, forked);
  });
});

describe('MemberRegistry: forks', () => {
  it('are marked by a contract that is, or was, the audit anchor, and by nobody else', async () => {
    const w = await world();
    const { members: to, anchor, directory } = w.contracts;
    const call = ['recordFork', idOf('bank'), ethers.id('evidence')] as const;
    for (const by of [w.stranger, w.admin, w.by.bank, w.by.regulator]) {
      await expectRefused(w, { to, by, call, error: ['MemberRegistryNotAuditAnchor', by.address] });
    }
    const successor = await ethers.deployContract('AuditAnchor', [directory]);
    await send(directory, w.admin, 'set', code('audit-anchor'), await successor.getAddress());
    // The one that was replaced goes on judging what was signed for it.
    await recorded(w, against(await signed(w, 9, 'honest'), await signed(w, 9, 'forked'), 'forked'));
    const stray = await ethers.deployContract('AuditAnchor', [directory]);
    const elsewhere = { ...w, contracts: { ...w.contracts, anchor: stray } };
    const evidence = against(await signed(elsewhere, 9, 'honest'), await signed(elsewhere, 12, 'forked'), 'forked');
    const error = ['MemberRegistryNotAuditAnchor', await stray.getAddress()] as const;
    await expectRefused(elsewhere, { to: stray, by: w.spare, call: ['reportFork', evidence], error, of: to });
    await refused(w, evidence, 'AuditAnchorInvalidSignature', idOf('bank'), w.by.bank.address);
    expect(await view(anchor, 'forkCount', idOf('bank'))).to.equal(1n);
  });

  it('are none of a member that showed one history, and holders are told for ever', async () => {
    const w = await world();
    const { members } = w.contracts;
    expect(await view(members, 'forksOf', idOf('grid'))).to.deep.equal([0n, 0n]);
    await send(members, w.by.grid, 'rotateAccount', w.stranger.address);
    for (const account of [w.by.grid.address, w.stranger.address]) expect(await view(members, 'holderOf', account)).to.equal(idOf('grid'));
    expect(await view(members, 'holderOf', w.spare.address)).to.equal(ethers.ZeroHash);
    expect(await view(members, 'accountOf', code('nobody'))).to.equal(ethers.ZeroAddress);
  });
});
