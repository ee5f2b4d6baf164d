import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { NodeError } from '../../../errors.ts';

/** What Kaia's own go.mod asks for. */
const needed = [1, 22, 1] as const;

/** The version of the `go` on the PATH, such as 1.26.8. Errors: NODE_GO_MISSING where there is none, or an older one than Kaia needs. */
export async function requireGo(): Promise<string> {
  const detail = { needed: needed.join('.') };
  let found: string;
  try {
    // GOTOOLCHAIN=local: what is installed, and not what it would fetch.
    const { stdout } = await promisify(execFile)('go', ['env', 'GOVERSION'], { env: { ...process.env, GOTOOLCHAIN: 'local' } });
    found = stdout.trim().replace(/^go/, '');
  } catch (error) {
    throw new NodeError('NODE_GO_MISSING', detail, { cause: error });
  }
  const parts = found.split(/[^0-9]+/).map(Number);
  const difference = needed.map((part, index) => (parts[index] ?? 0) - part).find((delta) => delta !== 0) ?? 0;
  if (difference < 0) throw new NodeError('NODE_GO_MISSING', { ...detail, found });
  return found;
}
