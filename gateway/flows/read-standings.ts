import { logOrigin } from '../audit/checkpoint.ts';
import type { MemberId } from '../domain/ids.ts';
import type { RegistryView } from '../domain/registry-view.ts';
import type { Modules } from './modules.ts';
import type { Contradiction, Witnessed } from './witness-memory.ts';

/** How a member's log 0 stands with its witnesses, as far as this gateway knows (docs/protocol/witness.md). */
export type Standing = {
  readonly member: MemberId;
  /** The largest size that it claims: by an anchor, or by a checkpoint seen here. */
  readonly size: number;
  /** The largest size known here with a quorum of cosignatures. */
  readonly quorumSize: number;
  /** For how long it has claimed more than that. */
  readonly waitingSeconds: number;
  /** It waits for longer than the network allows, or contradicted itself. */
  readonly flagged: boolean;
  /** It signed two histories: the chain says so, or this gateway holds them. */
  readonly contradicted: boolean;
};

type StandingsModules = Pick<Modules, 'member' | 'ledger' | 'audit' | 'documents' | 'checkpoints' | 'cosigned' | 'clock'>;
type Claim = { readonly size: number; readonly quorumSize: number; readonly since: number | null };

/** Of every member that has not left, the own one too. Nothing is asked of anybody: this is what has been seen and what the chain says. */
export const readStandings = async (modules: StandingsModules): Promise<readonly Standing[]> => {
  const view = modules.ledger.head();
  const members = view.members().filter(({ status }) => status !== 'left');
  return Promise.all(members.map(({ id }) => standingOf(modules, view, id)));
};

const standingOf = async (modules: StandingsModules, view: RegistryView, member: MemberId): Promise<Standing> => {
  const { documents, ledger, clock } = modules;
  const origin = logOrigin(ledger.chainId, member, 0);
  const { size, quorumSize, since } = member === modules.member ? ownClaim(modules) : await seenClaim(modules, origin);
  const anchored = anchorBeyond(ledger, view, member, quorumSize);
  const first = Math.min(since ?? Number.POSITIVE_INFINITY, anchored ?? Number.POSITIVE_INFINITY);
  const isAsked = view.parameter('witness-quorum') > 0;
  const waitingSeconds = isAsked && Number.isFinite(first) ? Math.max(0, Math.floor((clock.now() - first) / 1000)) : 0;
  const isForked = (view.member(member)?.forks ?? 0) > 0;
  const contradicted = isForked || (await documents.get<Contradiction>('contradiction', origin)) !== undefined;
  const late = isAsked && waitingSeconds > view.parameter('max-witness-lag');
  return {
    member,
    size: Math.max(size, view.latestAnchor(member, 0)?.size ?? 0),
    quorumSize,
    waitingSeconds,
    flagged: late || contradicted,
    contradicted,
  };
};

const ownClaim = ({ checkpoints, cosigned }: StandingsModules): Claim => {
  const newest = checkpoints.newest();
  const quorumSize = cosigned.newest()?.size ?? 0;
  if (newest === undefined) return { size: 0, quorumSize, since: null };
  return { size: newest.size, quorumSize, since: newest.size > quorumSize ? newest.waitingSince : null };
};

const seenClaim = async ({ documents }: StandingsModules, origin: string): Promise<Claim> => {
  const seen = await documents.get<Witnessed>('witnessed', origin);
  return { size: seen?.size ?? 0, quorumSize: seen?.quorumSize ?? 0, since: seen?.waitingSince ?? null };
};

/** Block time, in milliseconds, of the first anchor that is larger; undefined when there is none. */
const anchorBeyond = (ledger: Modules['ledger'], view: RegistryView, member: MemberId, size: number): number | undefined => {
  if ((view.latestAnchor(member, 0)?.size ?? 0) <= size) return undefined;
  const first = view.anchors(member, 0).find((anchor) => anchor.size > size);
  const block = first === undefined ? undefined : (ledger.at(first.block)?.block ?? view.block);
  return block === undefined ? undefined : block.time * 1000;
};
