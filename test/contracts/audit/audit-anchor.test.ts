import { expect } from 'chai';
import { type Entry, entry, HASHES, proofOf, rootOf, SUITE } from '../helpers/checkpoints.ts';
import { expectEvent, expectRefused } from '../helpers/expect.ts';
import { hex, inclusionPath } from '../helpers/merkle-model.ts';
import { digest, sign } from '../helpers/signatures.ts';
import {
  code,
  ethers,
  idOf,
  latestBlock,
  type MemberName,
  NOTHING,
  now,
  pauseFor,
  send,
  suspend,
  view,
  type World,
  world,
} from '../helpers/world.ts';

/** As WalletMock numbers them. */
const MANNER = { burnsGas: 4, floods: 5 } as const;

const anchor = (w: World, ...entries: Entry[]) => send(w.contracts.anchor, w.spare, 'anchor', entries);
const latest = (w: World, name: MemberName = 'bank', log = 0) => view(w.contracts.anchor, 'latest', idOf(name), log, SUITE);

/** Anchors alone; the entry is refused with exactly this error, and the log is as before. */
const expectEntryRefused = async (w: World, given: Entry, name: string, ...args: unknown[]): Promise<void> => {
  const { anchor: to } = w.contracts;
  const { member, log, suite } = given.checkpoint;
  const read = async () => [await view(to, 'latest', member, log, suite), await view(to, 'anchorCount', member, log, suite)];
  const before = await read();
  const reason = to.interface.encodeErrorResult(name, args);
  await expect(anchor(w, given)).to.emit(to, 'AnchorRefused').withArgs(0, member, log, reason);
  expect(await to.queryFilter('Anchored', await latestBlock())).to.have.length(0);
  expect(await read()).to.deep.equal(before);
};

describe('AuditAnchor: anchoring', () => {
  it('records the first checkpoint, and each that extends the last', async () => {
    const w = await world();
    const { anchor: to } = w.contracts;
    const sizes = [1, 2, 7, 8, 9, 31, 32, 40];
    let from = 0;
    for (const [index, size] of sizes.entries()) {
      const given = await entry(w, size, { from });
      const event = ['Anchored', idOf('bank'), 0, SUITE, size, rootOf(size)] as const;
      await expectEvent(w, { to, by: w.spare, call: ['anchor', [given]], event });
      expect(await latest(w)).to.deep.equal([rootOf(size), BigInt(size), BigInt(await latestBlock()), await now(), BigInt(index + 1)]);
      expect(await view(to, 'anchorCount', idOf('bank'), 0, SUITE)).to.equal(BigInt(index + 1));
      from = size;
    }
  });

  it('keeps logs of members and numbers apart', async () => {
    const w = await world();
    const grid = await entry(w, 3, { member: idOf('grid'), by: w.by.grid });
    await anchor(w, await entry(w, 5), await entry(w, 9, { log: 1 }), grid);
    expect((await latest(w)).size).to.equal(5);
    expect((await latest(w, 'bank', 1)).size).to.equal(9);
    expect((await latest(w, 'grid')).size).to.equal(3);
    expect(await latest(w, 'trader')).to.deep.equal([NOTHING, 0n, 0n, 0n, 0n]);
  });

  it('lets a bad entry fail alone', async () => {
    const w = await world();
    const { anchor: to } = w.contracts;
    const bad = await entry(w, 5, { member: idOf('grid') });
    const error = to.interface.encodeErrorResult('AuditAnchorInvalidSignature', [idOf('grid'), w.by.grid.address]);
    const batch = [await entry(w, 2), bad, await entry(w, 5, { from: 2 }), await entry(w, 4, { member: idOf('trader'), by: w.by.trader })];
    await expect(anchor(w, ...batch))
      .to.emit(to, 'AnchorRefused')
      .withArgs(1, idOf('grid'), 0, error);
    expect([(await latest(w)).size, (await latest(w, 'grid')).size, (await latest(w, 'trader')).size]).to.deep.equal([5n, 0n, 4n]);
  });

  it('keeps a log in two words of storage, where the interface says', async () => {
    const w = await world();
    const { anchor: to } = w.contracts;
    for (const size of [1, 2, 3]) await anchor(w, await entry(w, size, { from: size - 1 }));
    const coder = ethers.AbiCoder.defaultAbiCoder();
    const logKey = ethers.keccak256(coder.encode(['bytes32', 'uint32', 'bytes32'], [idOf('bank'), 0, SUITE]));
    const base = BigInt(ethers.keccak256(coder.encode(['bytes32', 'uint256'], [logKey, 3])));
    const slot = async (offset: bigint): Promise<string> => ethers.provider.getStorage(await to.getAddress(), base + offset);
    expect(await slot(0n)).to.equal(rootOf(3));
    const block = BigInt(await latestBlock());
    expect(BigInt(await slot(1n))).to.equal(3n | (block << 64n) | ((await now()) << 128n) | (3n << 192n));
  });

  it('refuses an entry that does not extend the last', async () => {
    const w = await world();
    const none = await entry(w, 4, { consistency: [rootOf(1)] });
    await expectEntryRefused(w, none, 'AuditAnchorProofTooLong', 0, 4, 1);
    await expectEntryRefused(w, await entry(w, 0, { root: NOTHING }), 'AuditAnchorEmptyLog');
    await anchor(w, await entry(w, 6));
    const fork = rootOf(7);
    await expectEntryRefused(w, await entry(w, 5), 'AuditAnchorSizeShrunk', 6, 5);
    await expectEntryRefused(w, await entry(w, 6), 'AuditAnchorAlreadyAnchored', 6);
    await expectEntryRefused(w, await entry(w, 6, { root: fork }), 'AuditAnchorForked', 6, rootOf(6), fork);
    await expectEntryRefused(w, await entry(w, 9, { from: 6, root: rootOf(10) }), 'AuditAnchorInconsistent', 6, 9);
    await anchor(w, await entry(w, 9, { from: 6 }));
    expect((await latest(w)).size).to.equal(9);
  });

  it('refuses a proof that is too short, too long, for another size, or with anything behind it', async () => {
    const w = await world();
    await anchor(w, await entry(w, 6));
    const refused = async (consistency: string[], error: string, ...args: unknown[]): Promise<void> =>
      expectEntryRefused(w, await entry(w, 9, { consistency }), error, ...args);
    const right = proofOf(6, 9);
    await refused([], 'AuditAnchorProofTooShort', 6, 9, 0);
    await refused(right.slice(0, -1), 'AuditAnchorProofTooShort', 6, 9, right.length - 1);
    await refused([...right, rootOf(1)], 'AuditAnchorProofTooLong', 6, 9, right.length + 1);
    await refused(proofOf(5, 9), 'AuditAnchorProofTooLong', 6, 9, proofOf(5, 9).length);
    await refused(proofOf(7, 9), 'AuditAnchorProofTooLong', 6, 9, proofOf(7, 9).length);
    await refused(proofOf(6, 10), 'AuditAnchorInconsistent', 6, 9);
    await refused(right.toReversed(), 'AuditAnchorInconsistent', 6, 9);
    const given = await entry(w, 9, { from: 6 });
    const trailing = { ...given, signature: `${given.signature}00` };
    await expectEntryRefused(w, trailing, 'AuditAnchorInvalidSignature', idOf('bank'), w.by.bank.address);
    await anchor(w, given);
    expect((await latest(w)).size).to.equal(9);
  });

  it('does not hand on an entry that is too long to be one', async () => {
    const w = await world();
    const many = Array.from({ length: 66 }, () => rootOf(1));
    await expectEntryRefused(w, await entry(w, 4, { consistency: many }), 'AuditAnchorOversized', 66, 65);
    const long = { ...(await entry(w, 4)), signature: `0x${'00'.repeat(4097)}` };
    await expectEntryRefused(w, long, 'AuditAnchorOversized', 0, 4097);
    const longest = { ...(await entry(w, 4)), signature: `0x${'00'.repeat(4096)}` };
    await expectEntryRefused(w, longest, 'AuditAnchorInvalidSignature', idOf('bank'), w.by.bank.address);
  });

  it('refuses unknown members and suites', async () => {
    const w = await world();
    const nobody = code('nobody');
    await expectEntryRefused(w, await entry(w, 1, { member: nobody }), 'AuditAnchorUnknownMember', nobody);
    const other = code('rfc6962-sm3');
    await expectEntryRefused(w, await entry(w, 1, { suite: other }), 'AuditAnchorUnsupportedSuite', other);
  });

  it("takes the signature of the member's current account only, for this chain and contract", async () => {
    const w = await world();
    const { anchor: to, members } = w.contracts;
    const { checkpoint, consistency, signature } = await entry(w, 3);
    const refused = async (change: string, account = w.by.bank.address): Promise<void> =>
      expectEntryRefused(w, { checkpoint, consistency, signature: change }, 'AuditAnchorInvalidSignature', idOf('bank'), account);
    await refused(await sign(w.by.grid, 'checkpoint', to, checkpoint));
    await refused(await sign(w.by.bank, 'checkpoint', to, { ...checkpoint, log: 1 }));
    await refused(await sign(w.by.bank, 'checkpoint', to, checkpoint, { chainId: 1 }));
    await refused(await sign(w.by.bank, 'checkpoint', to, checkpoint, { verifyingContract: await members.getAddress() }));
    await refused('0x');
    expect(await view(to, 'hashCheckpoint', checkpoint)).to.equal(await digest('checkpoint', to, checkpoint));
    await send(members, w.by.bank, 'rotateAccount', w.stranger.address);
    await refused(signature, w.stranger.address);
    await anchor(w, await entry(w, 3, { by: w.stranger }));
    expect((await latest(w)).size).to.equal(3);
  });

  it('goes on while paused, and for suspended and former members', async () => {
    const w = await world();
    await pauseFor(w);
    await suspend(w, 'bank');
    await anchor(w, await entry(w, 3));
    await send(w.contracts.members, w.admin, 'remove', idOf('bank'));
    await anchor(w, await entry(w, 8, { from: 3 }));
    expect((await latest(w)).size).to.equal(8);
  });

  it('takes single entries from itself only', async () => {
    const w = await world();
    const { anchor: to } = w.contracts;
    const call = ['anchorEntry', await entry(w, 3), await w.contracts.members.getAddress()] as const;
    await expectRefused(w, { to, by: w.by.bank, call, error: ['AuditAnchorOnlySelf', w.by.bank.address] });
  });

  it('goes on when the account changes in the middle of a log, and takes the former one no more', async () => {
    const w = await world();
    const { members } = w.contracts;
    await anchor(w, await entry(w, 3));
    await send(members, w.by.bank, 'rotateAccount', w.stranger.address);
    await expectEntryRefused(w, await entry(w, 8, { from: 3 }), 'AuditAnchorInvalidSignature', idOf('bank'), w.stranger.address);
    await anchor(w, await entry(w, 8, { from: 3, by: w.stranger }));
    const wallet = await ethers.deployContract('WalletMock', [w.spare.address]);
    await send(members, w.stranger, 'rotateAccount', await wallet.getAddress());
    await anchor(w, await entry(w, 9, { from: 8, by: w.spare }));
    expect((await latest(w)).size).to.equal(9n);
  });

  it('lets a contract account that burns its gas or floods its caller fail alone', async () => {
    const w = await world();
    const wallet = await ethers.deployContract('WalletMock', [w.spare.address]);
    const account = await wallet.getAddress();
    await send(w.contracts.members, w.by.grid, 'rotateAccount', account);
    const grid = { member: idOf('grid'), by: w.spare };
    await anchor(w, await entry(w, 1, grid));
    expect((await latest(w, 'grid')).size).to.equal(1);
    const reason = w.contracts.anchor.interface.encodeErrorResult('AuditAnchorInvalidSignature', [idOf('grid'), account]);
    let size = 1;
    for (const manner of [MANNER.burnsGas, MANNER.floods]) {
      await send(wallet, w.spare, 'setManner', manner);
      const batch = [await entry(w, size), await entry(w, 2, { ...grid, from: 1 }), await entry(w, size + 1, { from: size })];
      const sent = anchor(w, ...(size === 1 ? batch : batch.slice(1)));
      await expect(sent)
        .to.emit(w.contracts.anchor, 'AnchorRefused')
        .withArgs(size === 1 ? 1 : 0, idOf('grid'), 0, reason);
      const { gasUsed } = (await (await sent).wait()) as { gasUsed: bigint };
      expect(gasUsed < 1_500_000n, `${gasUsed}`).to.equal(true);
      size += 1;
    }
    expect([(await latest(w, 'grid')).size, (await latest(w)).size]).to.deep.equal([1n, 3n]);
  });

  it('refuses nobody for want of gas: the batch is undone', async () => {
    const w = await world();
    const { anchor: to } = w.contracts;
    const batch = [await entry(w, 1), await entry(w, 2, { from: 1 })];
    const call = to.connect(w.spare).getFunction('anchor');
    await expect(call(batch, { gasLimit: 1_300_000n })).to.be.revertedWithCustomError(to, 'AuditAnchorGasTooLow');
    expect((await latest(w)).size).to.equal(0n);
    // What a node estimates is enough for all of them.
    await (await call(batch, { gasLimit: await call.estimateGas(batch) })).wait();
    expect((await latest(w)).size).to.equal(2n);
  });
});

describe('AuditAnchor: what the last checkpoint proves', () => {
  const log = [idOf('bank'), 0, SUITE] as const;

  it('is every leaf in it, and none elsewhere', async () => {
    const w = await world();
    const { anchor: to } = w.contracts;
    for (const [size, from] of [[6, 0] as const, [11, 6] as const]) {
      await anchor(w, await entry(w, size, { from }));
      for (const [index, leaf] of HASHES.slice(0, size).entries()) {
        const proof = inclusionPath(index, HASHES.slice(0, size)).map(hex);
        const check = (hash: Buffer): Promise<boolean> => view(to, 'verifyInclusion', ...log, size, hex(hash), index, proof);
        expect(await check(leaf)).to.equal(true);
        expect(await check(HASHES[index + 1] as Buffer)).to.equal(false);
      }
    }
  });

  it('is not asked of another size', async () => {
    const w = await world();
    const { anchor: to } = w.contracts;
    const asked = (size: number) => view(to, 'verifyInclusion', ...log, size, NOTHING, 0, []);
    const refused = (size: number) =>
      expect(asked(size))
        .to.be.revertedWithCustomError(to, 'AuditAnchorNotAnchored')
        .withArgs(...log, size);
    await refused(0);
    await anchor(w, await entry(w, 6));
    for (const size of [0, 5, 7]) await refused(size);
  });

  it('is every root the log had before, anchored or not', async () => {
    const w = await world();
    const { anchor: to } = w.contracts;
    const had = (size: number, root: string, consistency: string[]): Promise<boolean> =>
      view(to, 'verifyPrefix', ...log, size, root, consistency);
    expect(await had(1, rootOf(1), [])).to.equal(false);
    await anchor(w, await entry(w, 6), await entry(w, 11, { from: 6 }));
    for (let size = 1; size < 11; size++) {
      expect(await had(size, rootOf(size), proofOf(size, 11)), `${size}`).to.equal(true);
      expect(await had(size, rootOf(size, 'forked'), proofOf(size, 11)), `${size}, forked`).to.equal(size <= 5);
      expect(await had(size, rootOf(size), proofOf(size, 11).slice(1)), `${size}, shorter`).to.equal(false);
    }
    expect(await had(11, rootOf(11), [])).to.equal(true);
    expect(await had(11, rootOf(11), [rootOf(1)])).to.equal(false);
    expect(await had(11, rootOf(10), [])).to.equal(false);
    expect(await had(12, rootOf(12), [])).to.equal(false);
    expect(await had(0, NOTHING, [])).to.equal(false);
  });
});
