import type { Hex, MemberId } from '../domain/ids.ts';
import type { MemberStatus } from '../domain/vocabulary.ts';
import { decideFresh } from './decide-fresh.ts';
import type { Modules } from './modules.ts';
import { readStandings, type Standing } from './read-standings.ts';

/** `ageSeconds` is how far block time lies behind this process's clock. */
export type Status = {
  readonly member: MemberId;
  readonly status: MemberStatus | 'unknown';
  readonly chainId: number;
  readonly block: {
    readonly number: number;
    readonly hash: Hex;
    readonly time: number;
    readonly ageSeconds: number;
    readonly fresh: boolean;
  };
  readonly log: { readonly number: number; readonly size: number; readonly anchoredSize: number; readonly lagLeaves: number };
  /** Largest size that a quorum of witnesses has cosigned; for how long more than that has been published; how every member stands in this. */
  readonly witness: {
    readonly quorum: number;
    readonly cosignedSize: number;
    readonly waitingSeconds: number;
    readonly standings: readonly Standing[];
  };
  readonly outbox: number;
  readonly healthy: boolean;
};

/**
 * How this gateway stands: whether it may decide, and what still waits to be anchored or sent. Asks for a fresh block as a query would: on a quiet chain an old
 * block is no fault.
 */
export const readStatus = async (modules: Modules): Promise<Status> => {
  const { member, ledger, audit, clock, outbox } = modules;
  const fresh = (await decideFresh({ ledger, clock })).ok;
  const view = ledger.head();
  const now = clock.now();
  const anchoredSize = view.latestAnchor(member, audit.log)?.size ?? 0;
  const standings = await readStandings(modules);
  const own = standings.find((standing) => standing.member === member);
  const status = view.member(member)?.status ?? 'unknown';
  return {
    member,
    status,
    chainId: ledger.chainId,
    block: { ...view.block, ageSeconds: Math.max(0, Math.floor(now / 1000) - view.block.time), fresh },
    log: { number: audit.log, size: audit.size(), anchoredSize, lagLeaves: audit.size() - anchoredSize },
    witness: {
      quorum: view.parameter('witness-quorum'),
      cosignedSize: own?.quorumSize ?? 0,
      waitingSeconds: own?.waitingSeconds ?? 0,
      standings,
    },
    outbox: outbox.size,
    healthy: fresh && status === 'active',
  };
};
