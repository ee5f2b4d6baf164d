import type { MemberId } from '../domain/ids.ts';
import type { Result } from '../domain/result.ts';

export type PeerProtocol =
  | 'usages'
  | 'acknowledgements'
  | 'openings'
  | 'withdrawals'
  | 'models'
  | 'score-proposals'
  | 'score-commitments'
  | 'score-openings';

/**
 * Sends one signed message to a member's gateway and brings back its answer. The peer is known by the TLS key pin of the MemberRegistry and by nothing else.
 * Bounded in time and size. Refuses with PEER_UNREACHABLE, PEER_TIMEOUT, PEER_GARBLED, PEER_TLS_UNPINNED (all safe to retry with the same message) or the refusal the peer answered (already parsed).
 */
export interface Peer {
  send(to: MemberId, protocol: PeerProtocol, message: string): Promise<Result<string>>;
}
