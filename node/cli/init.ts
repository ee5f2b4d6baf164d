import type { EngineKind } from '../engines/engine.ts';
import { NodeError } from '../errors.ts';
import { demoManifest, demoPortBase } from '../manifest/demo.ts';
import { manifestWarnings } from '../manifest/fault.ts';
import { engineKinds, type Manifest } from '../manifest/manifest.ts';
import { readManifestFile } from '../manifest/manifest-file.ts';
import { validatorWarnings } from '../manifest/validator-faults.ts';
import { engineOf } from '../network/engine-of.ts';
import { initNetwork } from '../network/init-network.ts';
import { systemClock } from '../system-clock.ts';
import { answer, type Output } from './output.ts';

export interface InitOptions {
  readonly data: string;
  /** Absent: the demo consortium. */
  readonly manifest?: string;
  readonly portBase?: string;
  readonly engine?: string;
}

export async function init(options: InitOptions, output: Output): Promise<void> {
  const manifest = chosenManifest(options);
  const { nodes, next = `xinshu-node up --data ${options.data}` } = engineOf(manifest, options.data);
  const validators = nodes.flatMap(({ member }) => member ?? []);
  const warnings = validatorWarnings(manifest).map((warning) => ({
    ...warning,
    en: manifestWarnings[warning.code][0],
    zh: manifestWarnings[warning.code][1],
  }));
  for (const { code, path, detail, en, zh } of warnings) output.progress(`warning: ${path}: ${code}: ${en} (${detail}) ${zh}`);
  await initNetwork(manifest, options.data, systemClock, (step) => output.progress(`making ${step}`));
  const { network, chainId, engine, members } = manifest;
  answer(
    output,
    { ok: true, network, chainId, data: options.data, engine: engine.kind, members: members.length, validators, warnings },
    [
      `network ${network} (chain ${chainId}) made in ${options.data}`,
      ...(validators.length > 0 ? [`validators: ${validators.join(', ')}`] : []),
      `next: ${next}`,
    ].join('\n'),
  );
}

function chosenManifest({ manifest: file, portBase, engine }: InitOptions): Manifest {
  if (file === undefined)
    return demoManifest(portBase === undefined ? demoPortBase : portNumber(portBase), engineKind(engine ?? 'embedded'));
  const given = Object.entries({ '--port-base': portBase, '--engine': engine }).find(([, value]) => value !== undefined);
  if (given !== undefined) throw new NodeError('NODE_USAGE', { option: given[0], reason: 'only without --manifest' });
  const manifest = readManifestFile(file);
  if (manifest === undefined) throw new NodeError('NODE_MANIFEST_UNREADABLE', { file });
  return manifest;
}

function engineKind(text: string): EngineKind {
  const kind = engineKinds.find((one) => one === text);
  if (kind === undefined) throw new NodeError('NODE_USAGE', { option: '--engine', given: text });
  return kind;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_400) throw new NodeError('NODE_USAGE', { option: '--port-base', given: text });
  return port;
}
