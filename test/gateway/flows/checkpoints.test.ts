import { rm } from 'node:fs/promises';
import { expect } from 'chai';
import { generateKeyMaterial, publicKeys } from '../../../gateway/adapters/keys/key-material.ts';
import { readKeystore, writeKeystore } from '../../../gateway/adapters/keys/keystore-file.ts';
import { chainSignatureIn } from '../../../gateway/audit/chain-signature.ts';
import { checkpointDomain, checkpointMessage, logOrigin } from '../../../gateway/audit/checkpoint.ts';
import { openCheckpoint, readNote } from '../../../gateway/audit/note.ts';
import { XinshuError } from '../../../gateway/domain/errors.ts';
import { fromHex, toHex } from '../../../gateway/domain/hash.ts';
import { anchorLog } from '../../../gateway/flows/anchor-log.ts';
import { Checkpoints, type PublishedCheckpoint } from '../../../gateway/flows/checkpoints.ts';
import type { Modules } from '../../../gateway/flows/modules.ts';
import { readCheckpoint } from '../../../gateway/flows/read-checkpoint.ts';
import { addKey, retireKey } from '../../../gateway/ports/ledger-calls.ts';
import { requestOf } from '../../helpers/append-requests.ts';
import { type GatewayNetwork, good, startGatewayNetwork } from '../../helpers/gateway-network.ts';
import { rejection } from '../../helpers/rejection.ts';

const member = 'grid-qinchuan';

describe('publishing checkpoints', () => {
  let network: GatewayNetwork;
  let appended = 0;
  before(async () => {
    network = await startGatewayNetwork([member]);
  });
  after(() => network.remove());
  const grid = (): Modules => network.gateway(member).modules;
  const grow = async (count = 1): Promise<void> => {
    await Promise.all(Array.from({ length: count }, () => grid().audit.append(requestOf(appended++))));
  };
  /** What it takes to make another publisher on the same store. */
  const parts = (change: object = {}) => ({ ...grid(), spacingMs: 0, ...change });
  const stored = () => grid().documents.get<PublishedCheckpoint>('checkpoint', '0');

  it('is one note that both readers of notes and the chain take', async () => {
    await grow(3);
    const { size, root, note, chainSignature } = await grid().checkpoints.fresh();
    expect([size, root]).to.deep.equal([3, await grid().audit.root(3)]);
    const origin = logOrigin(grid().ledger.chainId, grid().member, 0);
    expect(good(openCheckpoint(note, origin, grid().keys.noteKey))).to.deep.equal({ origin, size, root: fromHex(root) });
    const domain = checkpointDomain(grid().ledger.chainId, grid().ledger.address('audit-anchor'));
    const message = checkpointMessage(grid().member, 0, size, fromHex(root));
    expect(chainSignatureIn(good(readNote(note)), origin, grid().keys.account, domain, message)).to.equal(chainSignature);
    expect(note.split('\n\n')[1]!.trimEnd().split('\n').length).to.equal(2);
  });

  it('anchors what it published, with the signature it was published with', async () => {
    await grow(2);
    const { size, root } = good(await anchorLog(grid()));
    expect(await stored()).to.include({ size, root });
    expect(grid().checkpoints.newest()).to.include({ size, root });
  });

  it('signs once for however many entries and callers, and not again while nothing is new', async () => {
    let signed = 0;
    const keys = {
      ...grid().keys,
      signNote: (bytes: Uint8Array) => {
        signed += 1;
        return grid().keys.signNote(bytes);
      },
    };
    const checkpoints = await Checkpoints.open(parts({ keys }));
    await grow(100);
    const all = await Promise.all(Array.from({ length: 50 }, () => checkpoints.fresh()));
    expect(new Set(all.map(({ size }) => size))).to.deep.equal(new Set([appended]));
    await checkpoints.fresh();
    expect(signed).to.equal(1);
  });

  it('covers what was durable when it was asked, also for one who asks while another publication is under way', async () => {
    const checkpoints = await Checkpoints.open(parts());
    for (let round = 0; round < 20; round += 1) {
      await grow();
      const first = checkpoints.fresh();
      await grow();
      const [{ size }, second] = [await first, await checkpoints.fresh()];
      expect(size).to.be.at.least(appended - 1);
      expect(second.size).to.equal(appended);
    }
  });

  it('spaces signatures out in time', async () => {
    const checkpoints = await Checkpoints.open(parts({ spacingMs: 40 }));
    const at: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      await grow();
      at.push((await checkpoints.fresh()).at);
    }
    expect(at[1]! - at[0]!).to.be.at.least(38);
    expect(at[2]! - at[1]!).to.be.at.least(38);
  });

  it('shows nothing that is not durable: a write that fails leaves the last one standing', async () => {
    await grid().checkpoints.fresh();
    const before = await stored();
    let failing = true;
    const documents = new Proxy(grid().documents, {
      get: (target, name) =>
        name === 'put' && failing ? async () => Promise.reject(new XinshuError('STORE_WRITE_FAILED')) : Reflect.get(target, name, target),
    });
    const checkpoints = await Checkpoints.open(parts({ documents }));
    await grow();
    await rejection('STORE_WRITE_FAILED', () => checkpoints.fresh());
    expect(checkpoints.newest()).to.deep.equal(before);
    expect(await stored()).to.deep.equal(before);
    failing = false;
    expect((await checkpoints.fresh()).size).to.equal(appended);
  });

  it('is the same after a restart', async () => {
    await grow();
    const before = await grid().checkpoints.fresh();
    await network.stop(member);
    await network.start(member);
    expect(grid().checkpoints.newest()).to.deep.equal(before);
    expect((await readCheckpoint(grid())).note).to.equal(before.note);
  });

  it('LOG_CONTRADICTS_CHECKPOINT: never signs a second root for a size, nor a log that lost what was shown', async () => {
    const shown = await grid().checkpoints.fresh();
    const checkpoints = await Checkpoints.open(parts());
    let signed = 0;
    const keys = { ...grid().keys, signNote: () => Promise.reject(new Error(`signed ${++signed}`)) };
    for (const forged of [
      { ...shown, root: `0x${'ee'.repeat(32)}` as const },
      { ...shown, size: shown.size + 1 },
    ]) {
      await grid().documents.put('checkpoint', '0', forged);
      await rejection('LOG_CONTRADICTS_CHECKPOINT', () => checkpoints.fresh());
      await rejection('LOG_CONTRADICTS_CHECKPOINT', () => Checkpoints.open(parts({ keys })));
      expect(await stored()).to.deep.equal(forged);
    }
    expect(signed).to.equal(0);
    await grid().documents.put('checkpoint', '0', shown);
    let anchor = { size: 5, root: `0x${'ee'.repeat(32)}` };
    const view = grid().ledger.head();
    const head = () => ({ block: view.block, member: () => view.member(grid().member), latestAnchor: () => anchor });
    const { chainId, address } = { chainId: grid().ledger.chainId, address: () => grid().ledger.address('audit-anchor') };
    const anchored = await Checkpoints.open(parts({ ledger: { chainId, address, head } }));
    await grow();
    await rejection('LOG_CONTRADICTS_CHECKPOINT', () => anchored.fresh());
    anchor = { size: appended + 1, root: anchor.root };
    await rejection('LOG_BEHIND_ANCHOR', () => anchored.fresh());
    expect(await stored()).to.deep.equal(shown);
  });

  it('goes on with another note key in the middle of the log, and signs nothing with one that is not registered', async () => {
    await grow();
    const before = await grid().checkpoints.fresh();
    const path = `${network.folder(member)}/keystore.jwe`;
    const passphrase = 'passphrase of a test';
    const old = await readKeystore(path, passphrase);
    const next = { ...old, note: (await generateKeyMaterial(member, Date.now())).note };
    await network.stop(member);
    await rm(path);
    await writeKeystore(path, next, passphrase);
    await network.start(member);

    await rejection('MEMBER_KEY_MISSING', () => grid().checkpoints.fresh());
    expect(await stored()).to.deep.equal(before);

    const { purpose, suite, data } = publicKeys(next).find(({ purpose: of }) => of === 'note')!;
    good(await grid().writer.submit(addKey(purpose, suite, data)));
    const keys = grid().ledger.head().member(grid().member)!.keys;
    good(await grid().writer.submit(retireKey(keys.find((key) => key.data === before.noteKey)!.index)));
    await network.settled();
    const after = await grid().checkpoints.fresh();
    expect([after.size, after.root]).to.deep.equal([before.size, before.root]);
    const origin = logOrigin(grid().ledger.chainId, grid().member, 0);
    expect(good(openCheckpoint(after.note, origin, fromHex(data))).size).to.equal(before.size);
    expect(toHex(grid().keys.noteKey)).to.equal(data);
  });
});
