import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { computeAddress } from 'ethers';
import { dataFolder } from '../../../node/data-folder.ts';
import { openDeployerKeystore } from '../../../node/deployment/deployer-keystore.ts';
import { demoManifest } from '../../../node/manifest/demo.ts';
import type { Manifest } from '../../../node/manifest/manifest.ts';
import { initNetwork } from '../../../node/network/init-network.ts';
import { systemClock } from '../../../node/system-clock.ts';

/** The demo consortium on Besu, each member on a machine of its own. */
export const exampleManifest = (): Manifest => {
  const manifest = demoManifest(18_800, 'besu');
  return { ...manifest, members: manifest.members.map((member, index) => ({ ...member, host: `10.0.${index + 1}.1` })) };
};

/** Node keys of the example: anybody can make them, so they are nobody's. */
export const exampleKey = (member: string): string => createHash('sha256').update(`xinshu example node ${member}`).digest('hex');

/** Stands where the deployer's address is, the one thing that differs from run to run. */
export const exampleDeployer = `0x${'de'.repeat(20)}`;

/** What `xinshu-node init` writes for the example that is no secret, by path, with the deployer's address replaced. */
export const exampleBesuFiles = async (): Promise<Readonly<Record<string, string>>> => {
  const root = join(mkdtempSync(join(tmpdir(), 'xinshu-besu-')), 'network');
  const folder = dataFolder(root);
  try {
    const manifest = exampleManifest();
    for (const { member } of 'validators' in manifest.engine ? manifest.engine.validators : []) {
      mkdirSync(join(folder.validators, member), { recursive: true });
      writeFileSync(join(folder.validators, member, 'node.key'), `${exampleKey(member)}\n`, { mode: 0o600 });
    }
    await initNetwork(manifest, root, systemClock);
    const deployer = computeAddress(await openDeployerKeystore(folder.deployerKeystore, folder.deployerPassphrase)).toLowerCase();
    return Object.fromEntries(
      publicFiles(root).map((path) => [path, readFileSync(join(root, path), 'utf8').replaceAll(deployer, exampleDeployer)]),
    );
  } finally {
    rmSync(join(root, '..'), { recursive: true, force: true });
  }
};

/** All but the keys of validators and deployer. */
const publicFiles = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith('validators/') && !path.startsWith('deployer.'))
    .sort();
