import type { ConsentId, MemberId } from '../../domain/ids.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import { type Claim, verifyEvidence } from '../verification/verify-evidence.ts';
import type { HistoryEntry } from '../verification/verify-history.ts';
import type { HistoryFinding, HistoryRemark } from './findings.ts';

/** One log as it was read; `unread` is the code of the failure where it was not. */
export type Side = { readonly member: MemberId; readonly unread: string | undefined; readonly entries: readonly HistoryEntry[] };

type Matched = { readonly findings: readonly HistoryFinding[]; readonly remarks: readonly HistoryRemark[] };

/**
 * Holds the logs of one consent against each other. An entry that answers a message stands beside that message, in which the other side signed where its own entry is:
 * that one must be shown. Where the message is not there any more, the usage id must be.
 */
export const matchSides = (consent: ConsentId, grantee: MemberId, sides: readonly Side[], view: RegistryView): Matched => {
  const findings: HistoryFinding[] = [];
  const remarks: HistoryRemark[] = [];
  const readable = new Map(sides.filter(({ unread }) => unread === undefined).map((side) => [side.member, side.entries]));
  const shows = (member: MemberId, usage: string, steps: readonly string[]): boolean =>
    readable.get(member)?.some((entry) => entry.usage === usage && steps.includes(entry.leaf?.step ?? '')) ?? false;
  // Erased entries show no usage: by the block they name, one can stand for what is missed.
  const mayBeErased = (member: MemberId, steps: readonly string[], block: number): boolean =>
    readable.get(member)?.some(({ erased, leaf }) => erased && leaf !== undefined && steps.includes(leaf.step) && leaf.block <= block) ??
    false;

  const judgeClaim = (claim: Claim): void => {
    const entries = readable.get(claim.by);
    if (entries === undefined || entries.some(({ index, leafHash }) => index === claim.index && leafHash === claim.leafHash)) return;
    // Before a provider had the opening it could not tag: what it refused then is out of the subject's reach, and its earlier entries say when it had.
    const hadKey = claim.outcome === 'ok' || entries.some(({ index }) => index < claim.index);
    if (!hadKey) remarks.push({ kind: 'untagged-refusal', consent, member: claim.by, usage: claim.usage });
    else
      findings.push({
        kind: 'half-missing',
        consent,
        member: claim.by,
        usage: claim.usage,
        shownBy: claim.shownBy,
        index: claim.index,
        evidence: claim.message,
      });
  };

  const judgeUsage = (entry: HistoryEntry, usage: string, other: MemberId): void => {
    const { leaf, member } = entry;
    if (leaf === undefined || !readable.has(other)) return;
    const [answers, questions] = [
      ['served', 'refused'],
      ['requested', 'received'],
    ];
    const missing = (steps: readonly string[]): boolean => !shows(other, usage, steps) && !mayBeErased(other, steps, leaf.block);
    if ((leaf.step === 'received' && leaf.outcome === 'ok' && missing(answers!)) || (leaf.step === 'served' && missing(questions!)))
      findings.push({ kind: 'half-missing', consent, member: other, usage, shownBy: member, index: undefined, evidence: undefined });
    if (leaf.step === 'served' && shows(other, usage, ['requested']) && !shows(other, usage, ['received']))
      remarks.push({ kind: 'receipt-open', consent, member: other, usage });
    if (leaf.step === 'requested' && leaf.outcome === 'ok' && !shows(other, usage, answers!) && !shows(member, usage, ['received']))
      remarks.push({ kind: 'answer-open', consent, member, usage });
  };

  for (const entry of sides.flatMap(({ entries }) => entries)) {
    const { member, n, usage, values } = entry;
    const claim = verifyEvidence(entry, view);
    if (claim === 'false') findings.push({ kind: 'false-entry', consent, member, n, problem: 'evidence' });
    else if (claim !== undefined) judgeClaim(claim);
    const other = member === grantee ? (values.counterparty as MemberId | undefined) : grantee;
    // Where the signed message says it, once is enough.
    const said = claim !== undefined && claim !== 'false' && !readable.get(claim.by)?.some(({ index }) => index === claim.index);
    if (usage !== undefined && other !== undefined && !said) judgeUsage(entry, usage, other);
  }
  return { findings, remarks };
};
