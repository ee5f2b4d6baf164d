import { NodeError } from '../errors.ts';
import { type Allowlist, type AllowlistDifference, allowlistDifference, differenceSize } from './allowlist.ts';
import type { AllowlistPort } from './allowlist-port.ts';

export interface KeptInStep {
  /** What the files lacked or had too much. */
  readonly files: AllowlistDifference;
  /** The same of the running node; undefined: it does not answer, and will start from the files. */
  readonly node: AllowlistDifference | undefined;
}

/**
 * Brings one node's allowlists in step with what is wanted, files first: whatever happens to the node afterwards, it starts with the right ones. `dry`: only looks.
 * Errors: NODE_ALLOWLIST_EMPTY, NODE_ALLOWLIST_REFUSED, and those of the port.
 */
export async function keepInStep(port: AllowlistPort, wanted: Allowlist, { dry = false } = {}): Promise<KeptInStep> {
  // A registry without an active member is none that was read rightly; a node that knows nobody could not even be told so.
  if (wanted.nodes.length === 0 || wanted.accounts.length === 0)
    throw new NodeError('NODE_ALLOWLIST_EMPTY', { nodes: wanted.nodes.length, accounts: wanted.accounts.length });
  const files = allowlistDifference(wanted, port.stored());
  if (!dry && !port.holds(wanted)) port.store(wanted);
  const running = await port.running();
  const node = running && allowlistDifference(wanted, running);
  if (!dry && node !== undefined && differenceSize(node) > 0) {
    await port.reload();
    const now = await port.running();
    const left = now === undefined ? 0 : differenceSize(allowlistDifference(wanted, now));
    if (left > 0) throw new NodeError('NODE_ALLOWLIST_REFUSED', { entries: left, reason: 'not taken over' });
  }
  return { files, node };
}
