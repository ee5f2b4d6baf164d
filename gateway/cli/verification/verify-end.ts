import { readProof } from '../../audit/proof.ts';
import { fromHex, sha256Hex } from '../../domain/hash.ts';
import type { Hex } from '../../domain/ids.ts';
import { verifyConsistency } from '../../domain/merkle-verify.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import { verifyJws } from '../../sealing/jws.ts';
import { type HistoryEndStatement, messageTypes, parseHistoryEnd } from '../../sealing/messages.ts';
import type { SeenEnd } from '../subjects/wallet.ts';
import type { HistoryEntry } from './verify-history.ts';

/** As a gateway answers it. */
export type HistoryEndLine = {
  readonly statement: string;
  readonly size: number;
  readonly anchored: { readonly size: number; readonly proof: readonly Hex[] } | null;
  readonly since: readonly Hex[];
};

/**
 * `unsigned`: no statement of this member that fits what was asked. `count`: it counts other entries than were given. `beyond`: an entry was given at a place the
 * stated log does not reach. `anchor`, `earlier`: the stated root is no continuation of the one on chain, or of the one stated before. `shrunk`: fewer entries
 * than stated before. `withheld`: an entry that stood in the log already when it was stated not to. `rewritten`: earlier entries are not what they were.
 */
export type EndProblem = 'unsigned' | 'count' | 'beyond' | 'anchor' | 'earlier' | 'shrunk' | 'withheld' | 'rewritten';

export type Asked = Pick<SeenEnd, 'consent' | 'member' | 'log'> & { readonly chainId: number; readonly report: Hex };

export const entriesDigest = (entries: readonly HistoryEntry[]): Hex => sha256Hex(entries.map(({ leafHash }) => leafHash).join('\n'));

/** Holds a member's stated end against the entries it gave, the chain, and what it stated before. */
export const verifyEnd = (
  asked: Asked,
  entries: readonly HistoryEntry[],
  end: HistoryEndLine,
  before: SeenEnd | undefined,
  view: RegistryView,
): { readonly seen: SeenEnd | undefined; readonly problems: readonly EndProblem[] } => {
  const { chainId, report, ...log } = asked;
  const keys = view.member(asked.member)?.keys.filter(({ purpose }) => purpose === 'sign') ?? [];
  const signed = verifyJws(end.statement, keys, messageTypes.historyEnd);
  const claims = signed.ok ? parseHistoryEnd(signed.value.claims) : signed;
  if (!claims.ok || !fits(claims.value, asked)) return { seen: undefined, problems: ['unsigned'] };
  const { count, size, root } = claims.value as HistoryEndStatement & { root: Hex };
  const anchor = view.anchors(asked.member, asked.log).find((known) => known.size === end.anchored?.size);
  const follows = (from: { readonly size: number; readonly root: Hex }, proof: readonly Hex[]): boolean => {
    const hashes = readProof(proof);
    return hashes.ok && verifyConsistency(from.size, size, fromHex(from.root), fromHex(root), hashes.value);
  };
  const problems: Readonly<Record<Exclude<EndProblem, 'unsigned'>, boolean>> = {
    count: count !== entries.length,
    beyond: entries.some(({ index }) => index >= size),
    anchor: end.anchored !== null && (anchor === undefined || !follows(anchor, end.anchored.proof)),
    earlier: before !== undefined && !follows(before, end.since),
    shrunk: before !== undefined && count < before.count,
    withheld: before !== undefined && entries.slice(before.count).some(({ index }) => index < before.size),
    rewritten: before !== undefined && count >= before.count && entriesDigest(entries.slice(0, before.count)) !== before.entries,
  };
  return {
    seen: { ...log, count, size, root, entries: entriesDigest(entries), statement: end.statement },
    problems: (Object.keys(problems) as (keyof typeof problems)[]).filter((name) => problems[name]),
  };
};

const fits = (claims: HistoryEndStatement, { chainId, report, consent, member, log }: Asked): boolean =>
  claims.chain === chainId && claims.report === report && claims.consent === consent && claims.iss === member && claims.log === log;
