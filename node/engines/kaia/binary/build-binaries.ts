import { spawn } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { NodeError } from '../../../errors.ts';
import { withBuildLock } from './build-lock.ts';
import { buildModule, cachedBinaries, cacheFolder, type KaiaBinaries } from './cache.ts';
import { requireGo } from './go-toolchain.ts';

const tellEveryMs = 15_000;
const linesKept = 20;

export interface BuildOptions {
  /** Hears what is under way, in words. */
  readonly onProgress?: (text: string) => void;
  /** Ends the build when aborted. */
  readonly signal?: AbortSignal | undefined;
  readonly folder?: string;
}

/**
 * Kaia's binaries, built with the Go of this machine unless they are in the cache: minutes with an empty module cache, nothing later. Two processes that ask at
 * once build once. Errors: NODE_GO_MISSING, NODE_ENGINE_BUILD_FAILED.
 */
export async function buildKaiaBinaries({
  onProgress = () => {},
  signal,
  folder = cacheFolder(),
}: BuildOptions = {}): Promise<KaiaBinaries> {
  const cached = cachedBinaries(folder);
  if (cached !== undefined) return cached;
  const version = await requireGo();
  const onWait = () => onProgress('another process builds the Kaia node; waiting for it');
  return withBuildLock(`${folder}.lock`, { onWait, signal }, async () => {
    const meanwhile = cachedBinaries(folder);
    if (meanwhile !== undefined) return meanwhile;
    onProgress(`building the Kaia node with Go ${version}; the first time takes minutes`);
    // A half-done build is never taken for a whole one: the folder gets its name last.
    const part = `${folder}.part`;
    rmSync(part, { recursive: true, force: true });
    mkdirSync(part, { recursive: true });
    mkdirSync(dirname(folder), { recursive: true });
    await runGo(part, onProgress, signal);
    rmSync(folder, { recursive: true, force: true });
    renameSync(part, folder);
    const built = cachedBinaries(folder);
    if (built === undefined) throw new NodeError('NODE_ENGINE_BUILD_FAILED', { folder, reason: 'go wrote no binary' });
    onProgress('the Kaia node is built');
    return built;
  });
}

/** `-checklinkname=0`: Kaia reaches into the runtime by names that Go 1.23 and later hide from the linker. */
async function runGo(into: string, onProgress: (text: string) => void, signal: AbortSignal | undefined): Promise<void> {
  const packages = ['./with-parent', 'github.com/kaiachain/kaia/cmd/kcn'];
  const args = ['build', '-mod=readonly', '-buildvcs=false', '-ldflags=-checklinkname=0', '-o', into, ...packages];
  const child = spawn('go', args, { cwd: buildModule, stdio: ['ignore', 'ignore', 'pipe'], ...(signal === undefined ? {} : { signal }) });
  const lines: string[] = [];
  let downloaded = 0;
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.startsWith('go: downloading')) downloaded += 1;
    lines.push(line);
    if (lines.length > linesKept) lines.shift();
  });
  const from = performance.now();
  const seconds = () => Math.round((performance.now() - from) / 1000);
  const ticker = setInterval(() => onProgress(`still building: ${seconds()} s, ${downloaded} modules fetched`), tellEveryMs);
  try {
    const status = await new Promise<number | string>((resolve, reject) => {
      child.once('error', reject).once('close', (code, ended) => resolve(code ?? ended ?? 'killed'));
    });
    if (status !== 0) throw new Error(`go build ended with ${status}:\n${lines.join('\n')}`);
  } catch (error) {
    throw new NodeError('NODE_ENGINE_BUILD_FAILED', { after: `${seconds()} s`, reason: lastOf(lines, error) }, { cause: error });
  } finally {
    clearInterval(ticker);
  }
}

function lastOf(lines: readonly string[], error: unknown): string {
  return lines.findLast((line) => !line.startsWith('go: downloading')) ?? (error instanceof Error ? error.message : String(error));
}
