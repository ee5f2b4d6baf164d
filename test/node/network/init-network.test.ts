import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { dataFolder } from '../../../node/data-folder.ts';
import { openDeployerKeystore } from '../../../node/deployment/deployer-keystore.ts';
import { demoManifest } from '../../../node/manifest/demo.ts';
import { ManifestInvalid } from '../../../node/manifest/manifest-file.ts';
import { type InitStep, initNetwork } from '../../../node/network/init-network.ts';
import { openNetwork } from '../../../node/network/open-network.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';
import { nodeErrorOf } from '../node-error-of.ts';

const clock = new ManualClock(1_700_000_000_000);

describe('making a network', () => {
  let dataDir: string;
  const folder = () => dataFolder(dataDir);
  const contents = () => Object.fromEntries(readdirSync(dataDir).map((name) => [name, statSync(join(dataDir, name)).mtimeMs]));

  beforeEach(() => {
    dataDir = join(mkdtempSync(join(tmpdir(), 'xinshu-init-')), 'network');
  });
  afterEach(() => rmSync(join(dataDir, '..'), { recursive: true, force: true }));

  it('makes a folder that opens, with secrets for the owner alone and no key in clear', async () => {
    await initNetwork(demoManifest(), dataDir, clock);
    expect(openNetwork(dataDir)).to.deep.equal(demoManifest());
    for (const file of [folder().deployerKeystore, folder().deployerPassphrase]) expect(statSync(file).mode & 0o777, file).to.equal(0o600);
    const key = await openDeployerKeystore(folder().deployerKeystore, folder().deployerPassphrase);
    expect(key).to.match(/^0x[0-9a-f]{64}$/);
    for (const name of [folder().deployerKeystore, folder().genesis, folder().manifest])
      expect(readFileSync(name, 'utf8')).to.not.contain(key.slice(2));
  });

  it('NODE_DATA_EXISTS: touches nothing of a network that is there', async () => {
    await initNetwork(demoManifest(), dataDir, clock);
    const before = contents();
    expect((await nodeErrorOf(initNetwork(demoManifest(30_000), dataDir, clock))).code).to.equal('NODE_DATA_EXISTS');
    expect(contents()).to.deep.equal(before);
  });

  for (const stop of ['deployer', 'genesis', 'ledger', 'manifest'] as const satisfies readonly InitStep[]) {
    it(`goes on after it was stopped before ${stop}, and says so until then`, async () => {
      const stopped = initNetwork(demoManifest(), dataDir, clock, (step) => {
        if (step === stop) throw new Error('stopped here');
      });
      await stopped.then(
        () => expect.fail('not stopped'),
        (error: Error) => expect(error.message).to.equal('stopped here'),
      );
      const open = (async () => openNetwork(dataDir))();
      expect((await nodeErrorOf(open)).code).to.equal(stop === 'deployer' ? 'NODE_DATA_MISSING' : 'NODE_DATA_HALF_MADE');
      // Another second: what was made from the old genesis must stay usable.
      await initNetwork(demoManifest(), dataDir, new ManualClock(1_800_000_000_000));
      expect(openNetwork(dataDir).network).to.equal('xinshu-demo');
    });
  }

  it('refuses to go on with another chain', async () => {
    await initNetwork(demoManifest(), dataDir, clock);
    rmSync(folder().manifest);
    expect((await nodeErrorOf(initNetwork({ ...demoManifest(), chainId: 5 }, dataDir, clock))).code).to.equal('NODE_DATA_OTHER_CHAIN');
    expect((await nodeErrorOf(initNetwork({ ...demoManifest(), network: 'other' }, dataDir, clock))).code).to.equal(
      'NODE_DATA_OTHER_GENESIS',
    );
  });

  it('writes what starts the services of each member and the ledger, from the manifest alone', async () => {
    await initNetwork(demoManifest(), dataDir, clock);
    const hosts = readdirSync(folder().hosts);
    expect(hosts).to.have.members([...demoManifest().members.map(({ id }) => id), 'xinshu-ledger.service']);
    expect(readFileSync(join(folder().hosts, 'xinshu-ledger.service'), 'utf8')).to.contain(
      'cli.ts up --data /var/lib/xinshu/xinshu-demo/_ledger',
    );
    expect(readdirSync(join(folder().hosts, 'bank-changan', 'systemd'))).to.deep.equal(['xinshu-gateway-bank-changan.service']);
  });

  it('NODE_MANIFEST_UNREADABLE and NODE_MANIFEST_INVALID: a manifest damaged afterwards', async () => {
    await initNetwork(demoManifest(), dataDir, clock);
    writeFileSync(folder().manifest, '{"version":1');
    expect((await nodeErrorOf((async () => openNetwork(dataDir))())).code).to.equal('NODE_MANIFEST_UNREADABLE');
    writeFileSync(folder().manifest, '{"version":1}');
    const error = await nodeErrorOf((async () => openNetwork(dataDir))());
    expect(error).to.be.instanceOf(ManifestInvalid);
    expect(error.code).to.equal('NODE_MANIFEST_INVALID');
  });

  it('NODE_PASSPHRASE_UNREADABLE and NODE_KEYSTORE_UNREADABLE', async () => {
    await initNetwork(demoManifest(), dataDir, clock);
    const open = () => openDeployerKeystore(folder().deployerKeystore, folder().deployerPassphrase);
    writeFileSync(folder().deployerPassphrase, 'wrong\n');
    expect((await nodeErrorOf(open())).code).to.equal('NODE_KEYSTORE_UNREADABLE');
    writeFileSync(folder().deployerPassphrase, '\n');
    expect((await nodeErrorOf(open())).code).to.equal('NODE_PASSPHRASE_UNREADABLE');
    rmSync(folder().deployerPassphrase);
    writeFileSync(folder().deployerPassphrase, 'open to all\n', { mode: 0o644 });
    expect((await nodeErrorOf(open())).code).to.equal('NODE_PASSPHRASE_UNREADABLE');
    rmSync(folder().deployerPassphrase);
    expect((await nodeErrorOf(open())).code).to.equal('NODE_PASSPHRASE_UNREADABLE');
  });
});
