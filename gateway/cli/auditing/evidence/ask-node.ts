import type { ProvenHeader } from '../../../adapters/ledger/proof/state-proof.ts';
import { isLate, judgeTimes } from '../../../audit/entry-times.ts';
import type { Evidence } from '../../../audit/evidence.ts';
import type { Finding } from '../../../audit/finding.ts';
import { openedEntries, type Verdict } from '../../../audit/judge-evidence.ts';
import type { OpenedLeaf } from '../../../audit/leaf.ts';
import { overrun, recheckServed } from '../../../audit/recheck.ts';
import type { CheckedShown } from '../../../domain/credential.ts';
import type { MemberId } from '../../../domain/ids.ts';
import type { RegistryView } from '../../../domain/registry-view.ts';
import type { Result } from '../../../domain/result.ts';
import type { Chain } from '../../chain.ts';
import { viewsOf } from '../desk.ts';
import { timedAnchors } from '../judge-anchors.ts';
import { checkShown } from '../shown-consents.ts';

type Entry = OpenedLeaf & { readonly member: MemberId };
type ViewAt = (block: number) => Promise<RegistryView | undefined>;
type Stated = Pick<Finding, 'kind' | 'what'>;

const limitsAt = (view: RegistryView, tolerance: number) => ({
  maxBlockAge: view.parameter('max-block-age'),
  maxAnchorLag: view.parameter('max-anchor-lag'),
  tolerance,
});

/** What a served use is found to be when it is decided again; for one too many, all uses before it must be in the file. */
const authorization = (entries: readonly Entry[], view: RegistryView, shown: Result<CheckedShown> | undefined): readonly Stated[] => {
  const last = entries.at(-1) as Entry;
  const { findings, counts } = recheckServed(view, last.member, last, shown);
  const served = entries.filter(({ leaf, member }) => leaf.step === 'served' && member === last.member);
  const overruns = counts.flatMap((count) => {
    const like = served.filter((entry) => recheckServed(view, entry.member, entry, undefined).counts.some(({ key }) => key === count.key));
    return overrun(last.member, last, count, new Set(like.map(({ index }) => index)).size) ?? [];
  });
  return [...findings, ...overruns];
};

const times = async (
  entries: readonly Entry[],
  log: number,
  chain: Chain,
  viewAt: ViewAt,
  tolerance: number,
): Promise<readonly Stated[]> => {
  const [latest, last] = [entries[0] as Entry, entries.at(-1) as Entry];
  const view = await viewAt(last.leaf.block);
  const anchors = await timedAnchors(chain.head().anchors(last.member, log), viewAt);
  const until = anchors.find(({ anchor }) => anchor.size > last.index)?.time ?? chain.head().block.time;
  const late: Stated[] = isLate(last.leaf.time, until, limitsAt(chain.head(), tolerance))
    ? [{ kind: 'late-anchor', what: `entries from ${last.index} on` }]
    : [];
  if (view === undefined)
    return [{ kind: 'malformed', what: `entry ${last.index}: block ${last.leaf.block} is not on the chain` }, ...late];
  const { step, time, block } = last.leaf;
  const before = anchors.findLast(({ anchor }) => anchor.size <= last.index)?.time;
  const earlier = latest.index < last.index ? latest.leaf.time : 0;
  const fault = judgeTimes({ step, time, block, blockTime: view.block.time }, earlier, before, limitsAt(view, tolerance));
  return [...(fault === undefined ? [] : [{ kind: fault.kind, what: `entry ${last.index}: ${fault.what}` }]), ...late];
};

/** What only the chain itself can say: whether the header is of it, and what it allowed at the blocks of the entries. */
export const askNode = async (
  chain: Chain,
  evidence: Evidence,
  header: ProvenHeader,
  offline: readonly Verdict[],
  tolerance: number,
): Promise<readonly Verdict[]> => {
  const viewAt = viewsOf(chain);
  const block = await viewAt(header.number);
  const own = block?.block.hash === header.hash;
  const ofChain: Verdict = {
    check: 'chain',
    result: own ? 'holds' : 'fails',
    what: `block ${header.number} is ${own ? '' : 'not '}the chain’s`,
  };
  const entries = openedEntries(evidence);
  const last = entries.at(-1);
  if (last === undefined || !offline.some(({ result }) => result === 'needs node')) return [...offline, ofChain];
  const view = await viewAt(last.leaf.block);
  const log = evidence.logs.find(({ member }) => member === last.member)?.log ?? 0;
  const shown = evidence.consent === null ? undefined : checkShown(evidence.consent, chain.head(), chain.chainId);
  const stated = [
    ...(view === undefined || last.leaf.step !== 'served' ? [] : authorization(entries, view, shown)),
    ...(await times(entries, log, chain, viewAt, tolerance)),
  ];
  const found = stated.some(({ kind, what }) => kind === evidence.finding.kind && what === evidence.finding.what);
  const decided = offline.map(
    (verdict): Verdict =>
      verdict.result === 'needs node' ? { ...verdict, result: found ? 'holds' : 'fails', what: 'decided again on the chain' } : verdict,
  );
  return [...decided, ofChain];
};
