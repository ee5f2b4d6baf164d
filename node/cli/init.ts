import { NodeError } from '../errors.ts';
import { demoManifest, demoPortBase } from '../manifest/demo.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { readManifestFile } from '../manifest/manifest-file.ts';
import { initNetwork } from '../network/init-network.ts';
import { systemClock } from '../system-clock.ts';
import { answer, type Output } from './output.ts';

export interface InitOptions {
  readonly data: string;
  /** Absent: the demo consortium. */
  readonly manifest?: string;
  readonly portBase?: string;
}

export async function init(options: InitOptions, output: Output): Promise<void> {
  const manifest = chosenManifest(options);
  await initNetwork(manifest, options.data, systemClock, (step) => output.progress(`making ${step}`));
  const text = `network ${manifest.network} (chain ${manifest.chainId}) made in ${options.data}\nnext: xinshu-node up --data ${options.data}`;
  answer(
    output,
    { ok: true, network: manifest.network, chainId: manifest.chainId, data: options.data, members: manifest.members.length },
    text,
  );
}

function chosenManifest({ manifest: file, portBase }: InitOptions): Manifest {
  if (file === undefined) return demoManifest(portBase === undefined ? demoPortBase : portNumber(portBase));
  if (portBase !== undefined) throw new NodeError('NODE_USAGE', { option: '--port-base', reason: 'only without --manifest' });
  const manifest = readManifestFile(file);
  if (manifest === undefined) throw new NodeError('NODE_MANIFEST_UNREADABLE', { file });
  return manifest;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_400) throw new NodeError('NODE_USAGE', { option: '--port-base', given: text });
  return port;
}
