import type { MemberId } from '../../domain/ids.ts';
import type { Result } from '../../domain/result.ts';
import type { PeerProtocol } from '../../ports/peer.ts';

/** One kind of message between gateways, as data (docs/protocol/peer.md): POST /peer/v<version>/<name>, body a compact JWS. */
export type ProtocolDefinition = {
  readonly name: PeerProtocol;
  readonly version: number;
  readonly maxRequestBytes: number;
  /** Most messages of one member under way at once. */
  readonly parallelPerPeer: number;
  /** Most messages of one member in a second, averaged; twice as many may come at once. */
  readonly ratePerPeer: number;
  /** Stopping use and closing what was served go on when a member is suspended. */
  readonly fromSuspended: boolean;
  /** A text is answered as application/jose, nothing as 204. */
  readonly handle: (from: MemberId, message: string) => Promise<Result<string | undefined>>;
};
