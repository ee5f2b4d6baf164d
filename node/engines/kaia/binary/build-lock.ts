import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { NodeError } from '../../../errors.ts';

const everyMs = 500;

export interface LockHooks {
  /** Hears once that another process holds the lock. */
  readonly onWait: () => void;
  /** Ends the waiting when aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs `work` while no other process on this machine holds the lock file. A holder that was killed holds nothing. Errors: NODE_ENGINE_BUILD_FAILED, aborted while waiting. */
export async function withBuildLock<T>(file: string, { onWait, signal }: LockHooks, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  let told = false;
  while (!take(file)) {
    if (!told) onWait();
    told = true;
    if (signal?.aborted === true)
      throw new NodeError('NODE_ENGINE_BUILD_FAILED', { reason: 'another process still builds it', lock: file });
    await delay(everyMs);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    const handle = openSync(file, 'wx');
    writeSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const holder = holderOf(file);
  if (holder === undefined || isAlive(holder)) return false;
  rmSync(file, { force: true });
  return take(file);
}

/** undefined: gone meanwhile, or not written yet. */
function holderOf(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
