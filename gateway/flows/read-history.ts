import { type HistoryRequestMessage, recoverHistorySigner } from '../domain/consent-typed-data.ts';
import type { Hex } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import type { LeafOpening } from '../ports/audit-store.ts';
import type { Modules } from './modules.ts';
import { readLeaf } from './read-leaf.ts';

export type HistoryAsked = { readonly request: HistoryRequestMessage; readonly signature: Hex };

/** `anchoredSize` and `proof` are there once the leaf is under an anchored root; `opening` is undefined where it was erased. */
export type HistoryEntry = {
  readonly n: number;
  readonly index: number;
  readonly leaf: Uint8Array;
  readonly anchoredSize: number | undefined;
  readonly proof: readonly Hex[];
  readonly opening: LeafOpening | undefined;
};
/** `more` is false when the log holds no leaf after the last one given. */
export type History = { readonly entries: readonly HistoryEntry[]; readonly more: boolean };

/** Longest time ahead, in seconds, for which a subject may sign a request: a captured one is of no use for longer. */
export const longestHistoryDeadline = 600;
export const mostHistoryEntries = 100;

/** Names of the institution's staff are theirs, not the subject's: their commitments stay closed. */
const closedToSubject: ReadonlySet<string> = new Set(['staff', 'reviewer']);
const forSubject = (opening: LeafOpening): LeafOpening => {
  const open = (named: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(named).filter(([name]) => !closedToSubject.has(name)));
  return { ...opening, values: open(opening.values), salts: open(opening.salts) };
};

/**
 * What this log holds under one consent, for whoever proves to own the consent's key: rule 16. Works for a withdrawn or expired consent too.
 * Refuses with CONSENT_UNKNOWN, HISTORY_REQUEST_EXPIRED, HISTORY_SIGNATURE_INVALID, LOG_RANGE_INVALID.
 */
export const readHistory = async (
  { member, ledger, audit, clock }: Modules,
  { request, signature }: HistoryAsked,
): Promise<Result<History>> => {
  const now = Math.floor(clock.now() / 1000);
  if (request.member !== member || request.deadline <= now || request.deadline > now + longestHistoryDeadline)
    return refuse('HISTORY_REQUEST_EXPIRED', { member: request.member, deadline: request.deadline });
  if (request.log !== audit.log || request.count > mostHistoryEntries)
    return refuse('LOG_RANGE_INVALID', { log: request.log, count: request.count });
  const view = ledger.head();
  const consent = view.consent(request.consent);
  if (consent === undefined) return refuse('CONSENT_UNKNOWN', { consent: request.consent });
  if (recoverHistorySigner(ledger.chainId, request, signature)?.toLowerCase() !== consent.key.toLowerCase())
    return refuse('HISTORY_SIGNATURE_INVALID', { consent: request.consent });

  const anchored = view.latestAnchor(member, audit.log)?.size ?? 0;
  const entries: HistoryEntry[] = [];
  for (let n = request.from; n < request.from + request.count; n += 1) {
    const position = await audit.tagged(request.consent, n);
    if (position === undefined) return ok({ entries, more: false });
    const under = position.index < anchored;
    const opening = await audit.opening(position.index);
    entries.push({
      n,
      index: position.index,
      leaf: await readLeaf(audit, position.index),
      anchoredSize: under ? anchored : undefined,
      proof: under ? await audit.inclusion(position.index, anchored) : [],
      opening: opening === undefined ? undefined : forSubject(opening),
    });
  }
  return ok({ entries, more: (await audit.tagged(request.consent, request.from + request.count)) !== undefined });
};
