import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { computeAddress, dataSlice, decodeRlp } from 'ethers';
import { dataFolder } from '../../../node/data-folder.ts';
import { validatorFolder } from '../../../node/engines/kaia/folders.ts';
import { demoManifest } from '../../../node/manifest/demo.ts';
import { engineOf } from '../../../node/network/engine-of.ts';
import { initNetwork } from '../../../node/network/init-network.ts';
import { nodeFor } from '../../../node/network/node-for.ts';
import { openNetwork } from '../../../node/network/open-network.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';
import { type TemporaryFolder, temporaryFolder } from '../../helpers/temporary-folder.ts';
import { nodeErrorOf } from '../node-error-of.ts';

const clock = new ManualClock(1_700_000_000_000);
const manifest = demoManifest(20_000, 'kaia');
const members = ['gov-credit', 'bank-changan', 'grid-qinchuan', 'chain-hub'];

describe('a network of validators', () => {
  let place: TemporaryFolder;
  const folder = () => dataFolder(place.path);
  const keyOf = (member: string) => validatorFolder(folder().validators, member).key;
  const genesis = () => JSON.parse(readFileSync(folder().genesis, 'utf8')) as { extraData: string; config: { chainId: number } };
  beforeEach(async () => {
    place = await temporaryFolder();
  });
  afterEach(() => place.remove());

  it('is made with one key each, for the owner alone, and a genesis that names their addresses', async () => {
    await initNetwork(manifest, place.path, clock);
    expect(openNetwork(place.path)).to.deep.equal(manifest);
    const keys = members.map((member) => readFileSync(keyOf(member), 'utf8').trim());
    for (const member of members) expect(statSync(keyOf(member)).mode & 0o777).to.equal(0o600);
    const [validators, seal, committed] = decodeRlp(dataSlice(genesis().extraData, 32)) as [string[], string, string[]];
    const addresses = keys.map((key) => computeAddress(`0x${key}`).toLowerCase()).sort();
    expect(validators).to.deep.equal(addresses);
    expect([seal, committed]).to.deep.equal([`0x${'00'.repeat(65)}`, []]);
    for (const key of keys) expect(readFileSync(folder().genesis, 'utf8')).to.not.contain(key);
  });

  for (const stop of ['validators', 'genesis', 'manifest']) {
    it(`goes on after it was stopped before ${stop}, with the same keys`, async () => {
      let before: string | undefined;
      const stopped = initNetwork(manifest, place.path, clock, (step) => {
        if (step !== stop) return;
        if (stop !== 'validators') before = readFileSync(keyOf('chain-hub'), 'utf8');
        throw new Error('stopped here');
      });
      await stopped.catch(() => {});
      expect((await nodeErrorOf((async () => openNetwork(place.path))())).code).to.equal('NODE_DATA_HALF_MADE');
      await initNetwork(manifest, place.path, new ManualClock(1_800_000_000_000));
      expect(openNetwork(place.path).network).to.equal('xinshu-demo');
      if (before !== undefined) expect(readFileSync(keyOf('chain-hub'), 'utf8')).to.equal(before);
    });
  }

  it('refuses to go on with another chain, or with other validators', async () => {
    await initNetwork(manifest, place.path, clock);
    rmSync(folder().manifest);
    const before = readFileSync(folder().genesis, 'utf8');
    expect((await nodeErrorOf(initNetwork({ ...manifest, chainId: 5 }, place.path, clock))).code).to.equal('NODE_DATA_OTHER_CHAIN');
    rmSync(keyOf('chain-hub'));
    expect((await nodeErrorOf(initNetwork(manifest, place.path, clock))).code).to.equal('NODE_DATA_OTHER_GENESIS');
    expect(readFileSync(folder().genesis, 'utf8')).to.equal(before);
    writeFileSync(folder().genesis, '{"half');
    expect((await nodeErrorOf(initNetwork(manifest, place.path, clock))).code).to.equal('NODE_DATA_HALF_MADE');
  });

  it('gives every gateway its own node, or one of its sector', () => {
    const endpoints = manifest.members.map(({ id }) => [id, nodeFor(manifest, place.path, id)]);
    expect(Object.fromEntries(endpoints)).to.deep.equal({
      'gov-credit': 'http://127.0.0.1:20000',
      'bank-changan': 'http://127.0.0.1:20001',
      'fin-weihe': 'http://127.0.0.1:20001',
      'grid-qinchuan': 'http://127.0.0.1:20002',
      'chain-hub': 'http://127.0.0.1:20003',
      'audit-office': 'http://127.0.0.1:20000',
    });
    const embedded = demoManifest(20_000);
    expect(nodeFor(embedded, place.path, 'fin-weihe')).to.equal('http://127.0.0.1:20000');
  });

  it('NODE_ENGINE_UNREACHABLE: a node that is not up', async () => {
    const engine = engineOf(demoManifest(20_000, 'kaia'), place.path);
    const [node] = engine.nodes;
    if (node === undefined) return expect.fail('no node');
    expect((await nodeErrorOf(engine.state({ ...node, endpoint: 'http://127.0.0.1:1' }, clock))).code).to.equal('NODE_ENGINE_UNREACHABLE');
  });
});
