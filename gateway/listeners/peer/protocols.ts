import { acceptModel } from '../../flows/accept-model.ts';
import { acceptOpening } from '../../flows/accept-opening.ts';
import type { Modules } from '../../flows/modules.ts';
import { receiveAcknowledgement } from '../../flows/receive-acknowledgement.ts';
import { receiveWithdrawal } from '../../flows/receive-withdrawal.ts';
import { agreeSession } from '../../flows/scoring/agree-session.ts';
import { dealPoints } from '../../flows/scoring/deal-points.ts';
import { openSums } from '../../flows/scoring/open-sums.ts';
import { serveRecord } from '../../flows/serve-record.ts';
import type { ProtocolDefinition } from './protocol.ts';

/** Bounds for one peer, of all protocols together where a protocol has none of its own. */
export type PeerBounds = { readonly parallel: number; readonly perSecond: number };

/** Every protocol this gateway speaks (docs/protocol/peer.md). */
export const peerProtocols = (modules: Modules, { parallel, perSecond }: PeerBounds): readonly ProtocolDefinition[] => [
  {
    name: 'usages',
    version: 1,
    maxRequestBytes: 32 * 1024,
    parallelPerPeer: parallel,
    ratePerPeer: perSecond,
    fromSuspended: false,
    handle: (from, message) => serveRecord(modules, { from, message }),
  },
  {
    name: 'acknowledgements',
    version: 1,
    maxRequestBytes: 64 * 1024,
    parallelPerPeer: parallel,
    ratePerPeer: perSecond,
    fromSuspended: true,
    handle: (from, message) => receiveAcknowledgement(modules, { from, message }),
  },
  {
    name: 'openings',
    version: 1,
    maxRequestBytes: 32 * 1024,
    parallelPerPeer: 16,
    ratePerPeer: 200,
    fromSuspended: false,
    handle: (from, message) => acceptOpening(modules, { from, message }),
  },
  {
    name: 'withdrawals',
    version: 1,
    maxRequestBytes: 16 * 1024,
    parallelPerPeer: 16,
    ratePerPeer: 200,
    fromSuspended: true,
    handle: (from, message) => receiveWithdrawal(modules, { from, message }),
  },
  {
    name: 'models',
    version: 1,
    maxRequestBytes: 4 * 1024 * 1024,
    parallelPerPeer: 2,
    ratePerPeer: 10,
    fromSuspended: false,
    handle: (from, message) => acceptModel(modules, { from, message }),
  },
  {
    name: 'score-proposals',
    version: 1,
    maxRequestBytes: 64 * 1024,
    parallelPerPeer: 32,
    ratePerPeer: 200,
    fromSuspended: false,
    handle: (from, message) => agreeSession(modules, { from, message }),
  },
  {
    name: 'score-commitments',
    version: 1,
    maxRequestBytes: 512 * 1024,
    parallelPerPeer: 32,
    ratePerPeer: 200,
    fromSuspended: false,
    handle: (from, message) => dealPoints(modules, { from, message }),
  },
  {
    name: 'score-openings',
    version: 1,
    // Each deal holds a sealed share for everyone: it grows with the square of the providers.
    maxRequestBytes: 8 * 1024 * 1024,
    parallelPerPeer: 32,
    ratePerPeer: 200,
    fromSuspended: false,
    handle: (from, message) => openSums(modules, { from, message }),
  },
];
