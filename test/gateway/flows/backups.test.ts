import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { encodeBytes32String } from 'ethers';
import { systemRandomness } from '../../../gateway/adapters/clock/system.ts';
import { restoreBackup } from '../../../gateway/adapters/store/restore-backup.ts';
import type { Hex } from '../../../gateway/domain/ids.ts';
import { usageIdFrom } from '../../../gateway/domain/usage-id.ts';
import { anchorLog } from '../../../gateway/flows/anchor-log.ts';
import type { Modules } from '../../../gateway/flows/modules.ts';
import { requestRecord } from '../../../gateway/flows/request-record.ts';
import type { BackupMade } from '../../../gateway/ports/backups.ts';
import { administrator } from '../../helpers/administered-chain.ts';
import {
  believes,
  consumer,
  dataset,
  giveConsent,
  issuer,
  members,
  provider,
  publish,
  query,
  type TestConsent,
} from '../../helpers/electricity.ts';
import { eventually } from '../../helpers/eventually.ts';
import { codeOf, type GatewayNetwork, good, startGatewayNetwork } from '../../helpers/gateway-network.ts';
import { rejection } from '../../helpers/rejection.ts';

const passphrase = 'passphrase of a test';

describe('backup and restore', function () {
  this.timeout(120_000);
  let network: GatewayNetwork;
  let consent: TestConsent;
  const modules = (member: string): Modules => network.gateway(member).modules;
  const ask = () => requestRecord(modules(consumer), query(consent, { usage: usageIdFrom(randomBytes(16)) }));
  const uses = (): number => modules(provider).audit.count(`consent/${consent.id}/${dataset}`);
  const everythingOf = async (member: string) => {
    const { audit, keys } = modules(member);
    const leaves: string[] = [];
    for await (const { leaf } of audit.leaves(0, audit.size())) leaves.push(Buffer.from(leaf).toString('hex'));
    const openings = await Promise.all(leaves.map((_, index) => audit.opening(index)));
    return {
      leaves,
      openings,
      root: await audit.root(audit.size()),
      uses: uses(),
      account: keys.account,
      noteKey: Buffer.from(keys.noteKey).toString('hex'),
    };
  };
  /** The member's machine is gone; another one takes its place. */
  const loseAndRestore = async (made: BackupMade, openingKeys: string | undefined = made.openingKeys): Promise<void> => {
    await network.stop(provider);
    const copy = { folder: `${network.folder(provider)}.copy`, keys: `${network.folder(provider)}.keys` };
    await cp(made.folder, copy.folder, { recursive: true });
    await cp(made.openingKeys, copy.keys, { recursive: true });
    await rm(network.folder(provider), { recursive: true });
    await restoreBackup({
      from: copy.folder,
      openingKeys: openingKeys === undefined ? undefined : copy.keys,
      to: network.folder(provider),
      passphrase,
      check: async () => {},
      randomness: systemRandomness,
    });
    await rm(copy.folder, { recursive: true });
    await rm(copy.keys, { recursive: true });
  };
  const witnessed = () =>
    eventually('both others cosigned the whole log', () => modules(provider).cosigned.newest()?.size === modules(provider).audit.size());
  /** As a machine that is switched off and on, with all it has. */
  const setAside = async (): Promise<() => Promise<void>> => {
    await network.stop(provider);
    const kept = `${network.folder(provider)}.kept`;
    await cp(network.folder(provider), kept, { recursive: true });
    await network.start(provider);
    return async () => {
      await rm(network.folder(provider), { recursive: true, force: true });
      await rename(kept, network.folder(provider));
      await network.start(provider);
    };
  };

  before(async () => {
    network = await startGatewayNetwork(members, (member) => ({ ...believes(member), checkpoint: { everySeconds: 1 } }));
    // Only the three have gateways here; all the others would have to answer too.
    for (const away of ['fin-weihe', 'chain-hub', 'audit-office'])
      await network.administer('suspend', [encodeBytes32String(away), encodeBytes32String('away')]);
    await network.chain.send(administrator, 'directory', 'setParameter', [encodeBytes32String('witness-quorum'), 2, 0]);
    await network.settled();
    await publish(network);
    consent = await giveConsent(network, { maxUses: 10_000 });
    for (let number = 0; number < 3; number++) good(await ask());
  });
  after(() => network.remove());

  it('copies one moment while queries go on, without passphrase and opening keys', async () => {
    let asking = true;
    const answers: string[] = [];
    const lane = (async () => {
      while (asking) answers.push(codeOf(await ask()));
    })();
    await eventually('queries run', () => answers.length > 3);
    const made = await modules(provider).backups.make();
    asking = false;
    await lane;
    expect(answers.filter((code) => code !== 'ok')).to.deep.equal([]);
    expect(made.size).to.be.greaterThan(3).and.at.most(modules(provider).audit.size());
    expect(made.root).to.equal(await modules(provider).audit.root(made.size));
    expect(await readdir(made.folder)).to.have.members(['backup.json', 'config.json', 'keystore.jwe', 'store']);
    expect(await readdir(join(made.folder, 'store'))).to.deep.equal(['entries']);
    expect(existsSync(join(made.openingKeys, 'CURRENT'))).to.equal(true);
    await witnessed();
    const whole = await setAside();
    await loseAndRestore(made);
    // What was shown after the copy is lost with the machine: nothing is served from it.
    await rejection('RESTORED_BEHIND', () => network.start(provider));
    expect(codeOf(await ask())).to.equal('PEER_UNREACHABLE');
    await whole();
    expect(codeOf(await ask())).to.equal('ok');
  });

  it('brings back a lost machine as it was', async () => {
    good(await anchorLog(modules(provider)));
    await modules(provider).checkpoints.fresh();
    await witnessed();
    const before = await everythingOf(provider);
    const made = await modules(provider).backups.make();
    await loseAndRestore(made);
    // The mark stays until somebody answered.
    await network.stop(issuer);
    const unchecked = await rejection('RESTORED_UNCHECKED', () => network.start(provider));
    expect(unchecked.detail.unanswered).to.include(issuer);
    expect(existsSync(join(network.folder(provider), 'restored.json'))).to.equal(true);
    await network.start(issuer);
    await network.start(provider);
    expect(existsSync(join(network.folder(provider), 'restored.json'))).to.equal(false);
    expect(await everythingOf(provider)).to.deep.equal(before);
    expect(codeOf(await ask())).to.equal('ok');
    expect(uses()).to.equal(before.uses + 1);
  });

  it('never serves from what is older than its anchor', async () => {
    const made = await modules(provider).backups.make();
    good(await ask());
    good(await anchorLog(modules(provider)));
    const whole = await setAside();
    await loseAndRestore(made);
    await rejection('LOG_BEHIND_ANCHOR', () => network.start(provider));
    await whole();
    expect(codeOf(await ask())).to.equal('ok');
  });

  it('takes only a whole backup, and leaves nothing half restored', async () => {
    const made = await modules(provider).backups.make();
    const target = `${network.folder(provider)}.other`;
    const refused = (from: string) =>
      rejection('BACKUP_INVALID', () =>
        restoreBackup({ from, openingKeys: undefined, to: target, passphrase, check: async () => {}, randomness: systemRandomness }),
      );
    await cp(made.folder, `${made.folder}.bad`, { recursive: true });
    const file = join(`${made.folder}.bad`, 'backup.json');
    const told = JSON.parse(await readFile(file, 'utf8')) as { size: number; root: Hex };
    await writeFile(file, JSON.stringify({ ...told, root: `0x${'00'.repeat(32)}` }));
    await refused(`${made.folder}.bad`);
    await rm(file);
    await refused(`${made.folder}.bad`);
    expect(existsSync(target)).to.equal(false);
  });
});
