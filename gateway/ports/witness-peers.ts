import type { MemberId } from '../domain/ids.ts';
import type { Result } from '../domain/result.ts';

/** What a witness answers (C2SP tlog-witness): its signature lines, or the size it has cosigned last, which is not the one it was asked from. */
export type WitnessAnswer = { readonly kind: 'cosigned'; readonly lines: string } | { readonly kind: 'conflict'; readonly size: number };

/**
 * Hands a member's gateway a checkpoint to cosign. The member is known by its TLS key pin. Bounded in time and size; whatever fails may be asked again. Refuses with
 * PEER_UNREACHABLE, PEER_TIMEOUT, PEER_GARBLED, PEER_TLS_UNPINNED, or the refusal the witness answered. The lines are as they came: nothing is verified.
 */
export interface WitnessPeers {
  addCheckpoint(to: MemberId, body: string): Promise<Result<WitnessAnswer>>;
}
