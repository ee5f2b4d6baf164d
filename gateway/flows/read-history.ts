import { canonicalJson } from '../domain/canonical.ts';
import type { HistoryRequestMessage } from '../domain/consent-typed-data.ts';
import type { Hex } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import type { SubjectRef } from '../domain/subject.ts';
import type { LeafOpening, LogPosition } from '../ports/audit-store.ts';
import { checkHistoryOwner, type HistoryAsked } from './check-history-owner.ts';
import { countReport, type ReportCount } from './count-report.ts';
import { endHistory, type HistoryEnd } from './end-history.ts';
import type { Modules } from './modules.ts';
import { readLeaf } from './read-leaf.ts';
import { parseRefused, parseServed } from './served-record.ts';

/** `anchoredSize` and `proof` are there once the leaf is under an anchored root; `opening` is undefined where it was erased. */
export type HistoryEntry = {
  readonly n: number;
  readonly index: number;
  readonly leaf: Uint8Array;
  readonly anchoredSize: number | undefined;
  readonly proof: readonly Hex[];
  readonly opening: LeafOpening | undefined;
  /** The other side's signed message that this entry answers, which names the other side's own entry; undefined where there is none, or it is too large. */
  readonly evidence: string | undefined;
};
/** `end` is there on the last page: the log holds no entry under the consent after the last one given. */
export type History = {
  readonly entries: readonly HistoryEntry[];
  readonly end: HistoryEnd | undefined;
  readonly report: ReportCount | null;
};

/** A page ends once its evidence has come to this many characters. */
const mostEvidence = 1024 * 1024;

/** Names of the institution's staff are theirs, not the subject's; and who asked for another subject under this consent must not show whom: these commitments stay closed. */
const forSubject = (opening: LeafOpening, subject: SubjectRef | undefined): LeafOpening => {
  const own = subject === undefined ? undefined : canonicalJson({ type: subject.type, code: subject.code });
  const closed = (name: string): boolean =>
    name === 'staff' || name === 'reviewer' || (name === 'subject' && opening.values.subject !== own);
  const open = (named: Readonly<Record<string, string>>) => Object.fromEntries(Object.entries(named).filter(([name]) => !closed(name)));
  return { ...opening, values: open(opening.values), salts: open(opening.salts) };
};

/**
 * What this log holds under one consent, for whoever proves to own the consent's key: rule 16. Works for a withdrawn or expired consent too.
 * Refuses with CONSENT_UNKNOWN, HISTORY_REQUEST_EXPIRED, HISTORY_SIGNATURE_INVALID, HISTORY_REPORT_OVER, LOG_RANGE_INVALID.
 */
export const readHistory = async (modules: Modules, { request, signature }: HistoryAsked): Promise<Result<History>> => {
  const owner = checkHistoryOwner(modules, { request, signature });
  if (!owner.ok) return owner;
  const { member, ledger, audit, openings } = modules;
  const size = audit.size();
  const view = ledger.head();

  // A number past the end would make the end look later than it is.
  if (request.from > 0 && (await taggedBelow(modules, request, request.from - 1, size)) === undefined)
    return refuse('LOG_RANGE_INVALID', { log: request.log, from: request.from });
  const opening = await openings.find(request.consent);
  const report = opening === undefined ? ok(null) : await countReport(modules, opening.subject, request.report);
  if (!report.ok) return report;
  const anchored = view.latestAnchor(member, audit.log)?.size ?? 0;
  const entries: HistoryEntry[] = [];
  let weight = 0;
  for (let n = request.from; entries.length < request.count && weight < mostEvidence; n += 1) {
    const position = await taggedBelow(modules, request, n, size);
    if (position === undefined) {
      const end = await endHistory(modules, { ...request, count: n, size });
      return ok({ entries, end, report: report.value });
    }
    const entry = await readEntry(modules, n, position, anchored, opening?.subject);
    entries.push(entry);
    weight += entry.evidence?.length ?? 0;
  }
  return ok({ entries, end: undefined, report: report.value });
};

/** The n-th entry under the consent, as the log stood at this size. */
const taggedBelow = async (
  { audit }: Modules,
  { consent }: HistoryRequestMessage,
  n: number,
  size: number,
): Promise<LogPosition | undefined> => {
  const position = await audit.tagged(consent, n);
  return position === undefined || position.index >= size ? undefined : position;
};

const readEntry = async (
  { audit }: Modules,
  n: number,
  { index }: LogPosition,
  anchored: number,
  subject: SubjectRef | undefined,
): Promise<HistoryEntry> => {
  const under = index < anchored;
  const opening = await audit.opening(index);
  return {
    n,
    index,
    leaf: await readLeaf(audit, index),
    anchoredSize: under ? anchored : undefined,
    proof: under ? await audit.inclusion(index, anchored) : [],
    opening: opening === undefined ? undefined : forSubject(opening, subject),
    evidence: opening === undefined ? undefined : await evidenceOf(audit, opening),
  };
};

const evidenceOf = async (audit: Modules['audit'], { usage, step }: LeafOpening): Promise<string | undefined> => {
  if (step !== 'served' && step !== 'refused' && step !== 'received') return undefined;
  const attachment = (await audit.recall(usage, step))?.attachment;
  if (attachment === undefined || attachment === 'erased') return undefined;
  const message =
    step === 'received'
      ? Buffer.from(attachment).toString('ascii')
      : (step === 'served' ? parseServed(attachment) : parseRefused(attachment)).request;
  return message.length > mostEvidence / 4 ? undefined : message;
};
