import { expect } from 'chai';
import { expectEvent, expectRefused } from '../helpers/expect.ts';
import { consistencyProof, hex, inclusionPath, leafHash, treeHash } from '../helpers/merkle-model.ts';
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

const SUITE = code('rfc6962-sha256');
const HASHES = Array.from({ length: 40 }, (_, i) => leafHash(Buffer.from(`usage ${i}`)));
const rootOf = (size: number): string => hex(treeHash(HASHES.slice(0, size)));
const proofOf = (first: number, second: number): string[] => consistencyProof(first, HASHES.slice(0, second)).map(hex);

type Checkpoint = { member: string; log: number; suite: string; size: number; root: string };
type Entry = { checkpoint: Checkpoint; consistency: string[]; signature: string };

/** A signed entry: the log `log` of the bank grown to `size`, with a proof from `from`. */
const entry = async (
  w: World,
  size: number,
  {
    from = 0,
    consistency,
    by = w.by.bank,
    ...change
  }: Partial<Checkpoint & Pick<Entry, 'consistency'>> & { from?: number; by?: World['admin'] } = {},
): Promise<Entry> => {
  const checkpoint = { member: idOf('bank'), log: 0, suite: SUITE, size, root: rootOf(size), ...change };
  return {
    checkpoint,
    consistency: consistency ?? (from === 0 ? [] : proofOf(from, size)),
    signature: await sign(by, 'checkpoint', w.contracts.anchor, checkpoint),
  };
};
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
    const times: [bigint, bigint][] = [];
    for (const size of sizes) {
      const given = await entry(w, size, { from });
      const event = ['Anchored', idOf('bank'), 0, SUITE, size, rootOf(size)] as const;
      await expectEvent(w, { to, by: w.spare, call: ['anchor', [given]], event });
      times.push([BigInt(await latestBlock()), await now()]);
      from = size;
    }
    expect(await view(to, 'anchorCount', idOf('bank'), 0, SUITE)).to.equal(sizes.length);
    for (const [index, size] of sizes.entries()) {
      const kept = [BigInt(size), rootOf(size), ...(times[index] ?? [])];
      expect(await view(to, 'anchorAt', idOf('bank'), 0, SUITE, index)).to.deep.equal(kept);
      if (index === sizes.length - 1) expect(await latest(w)).to.deep.equal(kept);
    }
  });

  it('keeps logs of members and numbers apart', async () => {
    const w = await world();
    const grid = await entry(w, 3, { member: idOf('grid'), by: w.by.grid });
    await anchor(w, await entry(w, 5), await entry(w, 9, { log: 1 }), grid);
    expect((await latest(w)).size).to.equal(5);
    expect((await latest(w, 'bank', 1)).size).to.equal(9);
    expect((await latest(w, 'grid')).size).to.equal(3);
    expect(await latest(w, 'trader')).to.deep.equal([0n, NOTHING, 0n, 0n]);
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

  it('refuses an entry that does not extend the last', async () => {
    const w = await world();
    const none = await entry(w, 4, { consistency: [rootOf(1)] });
    await expectEntryRefused(w, none, 'AuditAnchorInconsistent', 0, 4);
    await expectEntryRefused(w, await entry(w, 0, { root: NOTHING }), 'AuditAnchorEmptyLog');
    await anchor(w, await entry(w, 6));
    const fork = rootOf(7);
    await expectEntryRefused(w, await entry(w, 5), 'AuditAnchorSizeShrunk', 6, 5);
    await expectEntryRefused(w, await entry(w, 6), 'AuditAnchorAlreadyAnchored', 6);
    await expectEntryRefused(w, await entry(w, 6, { root: fork }), 'AuditAnchorForked', 6, rootOf(6), fork);
    await expectEntryRefused(w, await entry(w, 9), 'AuditAnchorInconsistent', 6, 9);
    await expectEntryRefused(w, await entry(w, 9, { from: 5 }), 'AuditAnchorInconsistent', 6, 9);
    await expectEntryRefused(w, await entry(w, 9, { from: 6, root: rootOf(10) }), 'AuditAnchorInconsistent', 6, 9);
    await anchor(w, await entry(w, 9, { from: 6 }));
    expect((await latest(w)).size).to.equal(9);
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
    const call = ['anchorEntry', await entry(w, 3)] as const;
    await expectRefused(w, { to, by: w.by.bank, call, error: ['AuditAnchorOnlySelf', w.by.bank.address] });
  });

  it('survives a member whose contract account burns its gas', async () => {
    const w = await world();
    const wallet = await ethers.deployContract('WalletMock', [w.spare.address]);
    await send(w.contracts.members, w.by.grid, 'rotateAccount', await wallet.getAddress());
    const grid = { member: idOf('grid'), by: w.spare };
    await anchor(w, await entry(w, 1, grid));
    expect((await latest(w, 'grid')).size).to.equal(1);
    await send(wallet, w.spare, 'setManner', 4);
    await anchor(w, await entry(w, 2, { ...grid, from: 1 }), await entry(w, 5));
    expect([(await latest(w, 'grid')).size, (await latest(w)).size]).to.deep.equal([1n, 5n]);
  });
});

describe('AuditAnchor: inclusion', () => {
  it('is checked against any anchored size', async () => {
    const w = await world();
    const { anchor: to } = w.contracts;
    await anchor(w, await entry(w, 6), await entry(w, 11, { from: 6 }));
    for (const size of [6, 11]) {
      for (const [index, leaf] of HASHES.slice(0, size).entries()) {
        const proof = inclusionPath(index, HASHES.slice(0, size)).map(hex);
        const check = (hash: Buffer): Promise<boolean> =>
          view(to, 'verifyInclusion', idOf('bank'), 0, SUITE, size, hex(hash), index, proof);
        expect(await check(leaf)).to.equal(true);
        expect(await check(HASHES[index + 1] as Buffer)).to.equal(false);
      }
    }
  });

  it('is not answered for a size never anchored', async () => {
    const w = await world();
    const { anchor: to } = w.contracts;
    await anchor(w, await entry(w, 6));
    const asked = view(to, 'verifyInclusion', idOf('bank'), 0, SUITE, 5, NOTHING, 0, []);
    await expect(asked).to.be.revertedWithCustomError(to, 'AuditAnchorNotAnchored').withArgs(idOf('bank'), 0, SUITE, 5);
  });
});
