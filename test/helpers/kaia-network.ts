import { once } from 'node:events';
import { createServer } from 'node:net';
import { cachedBinaries, type KaiaBinaries } from '../../node/engines/kaia/binary/cache.ts';
import type { KaiaEngine } from '../../node/engines/kaia/kaia-engine.ts';
import { demoManifest } from '../../node/manifest/demo.ts';
import type { Manifest, ManifestValidator } from '../../node/manifest/manifest.ts';
import { initNetwork } from '../../node/network/init-network.ts';
import { kaiaEngine } from '../../node/network/kaia-network.ts';
import { systemClock } from '../../node/system-clock.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The binaries if they are built. `npm test` builds them before its tests where it can (scripts/dev/build-kaia.ts). */
const kaiaBinaries: KaiaBinaries | undefined = cachedBinaries();

/** A suite on real validators; where the binary is not there it is listed as pending, with the reason in its title. */
export function describeOnKaia(title: string, suite: (binaries: KaiaBinaries) => void): void {
  const binaries = kaiaBinaries;
  describe(title, () => {
    if (binaries === undefined) it('NOT RUN: the Kaia node is not built (node scripts/dev/build-kaia.ts builds it, with Go)');
    else suite(binaries);
  });
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  for (const server of servers) server.close();
  await Promise.all(servers.map((server) => once(server, 'close')));
  return ports;
}

/** The demo consortium's manifest with its four validators on free ports. */
export async function kaiaManifest(): Promise<Manifest & { readonly engine: { readonly validators: readonly ManifestValidator[] } }> {
  const manifest = demoManifest(undefined, 'kaia');
  if (manifest.engine.kind === 'embedded') throw new RangeError('of another kind');
  const ports = await freePorts(2 * manifest.engine.validators.length);
  const validators = manifest.engine.validators.map(({ member }, index) => ({
    member,
    ports: { rpc: ports[2 * index] as number, peer: ports[2 * index + 1] as number },
  }));
  return { ...manifest, engine: { kind: 'kaia', validators } };
}

export interface TestValidators {
  readonly dataDir: string;
  readonly manifest: Manifest;
  readonly validators: readonly ManifestValidator[];
  /** An engine, not started, on this folder. */
  engine(): KaiaEngine;
  remove(): Promise<void>;
}

/** A fresh network of four validators below the temporary folder, each with its key, none running. */
export async function makeKaiaNetwork(binaries: KaiaBinaries): Promise<TestValidators> {
  const { path: dataDir, remove } = await temporaryFolder();
  const manifest = await kaiaManifest();
  const { validators } = manifest.engine;
  await initNetwork(manifest, dataDir, systemClock);
  return { dataDir, manifest, validators, engine: () => kaiaEngine(manifest, validators, dataDir, { binaries }), remove };
}
