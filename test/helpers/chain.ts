import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deploy } from '../../node/deployment/deploy.ts';
import type { Deployment } from '../../node/deployment/deployment-file.ts';
import type { MemberDocument } from '../../node/deployment/member-document.ts';
import type { EmbeddedEngine } from '../../node/engines/embedded/embedded-engine.ts';
import { demoManifest } from '../../node/manifest/demo.ts';
import type { Manifest } from '../../node/manifest/manifest.ts';
import { initNetwork } from '../../node/network/init-network.ts';
import { startEngine } from '../../node/network/start-engine.ts';
import { systemClock } from '../../node/system-clock.ts';
import { testMemberDocuments } from './member-documents.ts';

export interface TestChain {
  readonly dataDir: string;
  readonly manifest: Manifest;
  readonly engine: EmbeddedEngine;
  readonly endpoint: string;
  readonly deployment: Deployment;
  /** Stops the engine and removes the folder. */
  remove(): Promise<void>;
}

export interface TestChainOptions {
  readonly manifest?: Manifest;
  /** By default those of test/helpers/member-documents.ts: `testAccount(id)` is a member's account. */
  readonly members?: readonly MemberDocument[];
}

/** A real embedded ledger on a free port with all contracts deployed and the demo consortium founded. Needs compiled contracts; takes about three seconds. */
export async function startTestChain({
  manifest = demoManifest(),
  members = testMemberDocuments(manifest),
}: TestChainOptions = {}): Promise<TestChain> {
  const dataDir = mkdtempSync(join(tmpdir(), 'xinshu-chain-'));
  await initNetwork(manifest, dataDir, systemClock);
  const engine = await startEngine(dataDir, { port: 0 });
  const deployment = await deploy({ dataDir, endpoint: engine.endpoint(), members });
  return {
    dataDir,
    manifest,
    engine,
    endpoint: engine.endpoint(),
    deployment,
    remove: async () => {
      await engine.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
