import { NodeError, type NodeErrorCode } from '../errors.ts';
import type { Allowlist } from './allowlist.ts';
import type { AllowlistPort } from './allowlist-port.ts';
import { type KeptInStep, keepInStep } from './keep-in-step.ts';
import type { MembershipFollower } from './membership-follower.ts';
import { type FoundingNodes, wantedAllowlist } from './wanted-allowlist.ts';

export interface KeeperOptions {
  readonly follower: MembershipFollower;
  readonly founding: FoundingNodes;
  readonly port: AllowlistPort;
  /** Looks and says what it would do. */
  readonly dry: boolean;
}

export type KeeperRound =
  | { readonly ok: true; readonly block: number; readonly wanted: Allowlist; readonly kept: KeptInStep }
  | { readonly ok: false; readonly code: NodeErrorCode; readonly error: NodeError };

/** One look at the registry and the node. A round that fails leaves the allowlists as they were, or better; the next one tries again. */
export async function keeperRound({ follower, founding, port, dry }: KeeperOptions): Promise<KeeperRound> {
  try {
    const { block, members } = await follower.current();
    const wanted = wantedAllowlist(members, founding);
    const kept = await keepInStep(port, wanted, { dry });
    return { ok: true, block, wanted, kept };
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    return { ok: false, code: error.code, error };
  }
}
