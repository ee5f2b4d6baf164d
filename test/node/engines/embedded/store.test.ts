import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createEmbeddedLedger, openEmbeddedLedger } from '../../../../node/engines/embedded/embedded-ledger.ts';
import type { Genesis } from '../../../../node/engines/embedded/genesis.ts';
import { keys } from '../../../../node/engines/embedded/keys.ts';
import { LedgerStore } from '../../../../node/engines/embedded/store.ts';
import { testGenesis } from '../../../helpers/embedded-network.ts';
import { ManualClock } from '../../../helpers/manual-clock.ts';
import { nodeErrorOf } from '../../node-error-of.ts';

describe('ledger store', () => {
  let folder: string;
  const at = () => join(folder, 'ledger');
  const open = (genesis: Genesis) => openEmbeddedLedger({ location: at(), genesis, clock: new ManualClock(0), onFailure: () => {} });
  const identity = { chainId: 1, genesisHash: '0x01' };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'xinshu-store-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('NODE_DATA_MISSING: makes nothing by accident', async () => {
    expect((await nodeErrorOf(open(testGenesis))).code).to.equal('NODE_DATA_MISSING');
    expect((await nodeErrorOf(open(testGenesis))).code).to.equal('NODE_DATA_MISSING');
  });

  it('NODE_DATA_EXISTS: never makes a ledger anew over one that is there', async () => {
    await createEmbeddedLedger(at(), testGenesis);
    expect((await nodeErrorOf(createEmbeddedLedger(at(), testGenesis))).code).to.equal('NODE_DATA_EXISTS');
    const ledger = await open(testGenesis);
    expect(ledger.chain.head.header.number).to.equal(0n);
    await ledger.close();
  });

  it('NODE_DATA_LOCKED: one process at a time', async () => {
    await createEmbeddedLedger(at(), testGenesis);
    const ledger = await open(testGenesis);
    expect((await nodeErrorOf(open(testGenesis))).code).to.equal('NODE_DATA_LOCKED');
    await ledger.close();
    await (await open(testGenesis)).close();
  });

  it('NODE_DATA_OTHER_CHAIN and NODE_DATA_OTHER_GENESIS', async () => {
    await createEmbeddedLedger(at(), testGenesis);
    expect((await nodeErrorOf(open({ ...testGenesis, chainId: 7 }))).code).to.equal('NODE_DATA_OTHER_CHAIN');
    for (const change of [{ network: 'other' }, { timestamp: 1 }, { gasLimit: 50_000_000 }]) {
      expect((await nodeErrorOf(open({ ...testGenesis, ...change }))).code, JSON.stringify(change)).to.equal('NODE_DATA_OTHER_GENESIS');
    }
    // A refusal leaves it as it was, and free.
    await (await open(testGenesis)).close();
  });

  it('NODE_DATA_SCHEMA: refuses what another version wrote', async () => {
    const store = await LedgerStore.create(at(), identity, [{ type: 'put', key: keys.meta('schema'), value: Buffer.from('0') }]);
    await store.close();
    const error = await nodeErrorOf(LedgerStore.open(at(), identity));
    expect([error.code, error.detail.found, error.detail.expected]).to.deep.equal(['NODE_DATA_SCHEMA', '0', '1']);
  });

  it('NODE_DATA_HALF_MADE: a folder whose first write never happened, which create completes', async () => {
    const { Level } = await import('level');
    const empty = new Level(at());
    await empty.open();
    await empty.close();
    expect((await nodeErrorOf(LedgerStore.open(at(), identity))).code).to.equal('NODE_DATA_HALF_MADE');
    await createEmbeddedLedger(at(), testGenesis);
    await (await open(testGenesis)).close();
  });

  it('NODE_DATA_CORRUPT: a head that names a block that is not there', async () => {
    await createEmbeddedLedger(at(), testGenesis);
    const ledger = await open(testGenesis);
    await ledger.store.write([{ type: 'put', key: keys.meta('head'), value: new Uint8Array(8).fill(1) }]);
    await ledger.close();
    expect((await nodeErrorOf(open(testGenesis))).code).to.equal('NODE_DATA_CORRUPT');
  });
});
