import type { ConsentId, Hex, MemberId } from '../../domain/ids.ts';
import type { BlockRef } from '../../domain/registry-state.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import type { SubjectRef } from '../../domain/subject.ts';
import type { Chain } from '../chain.ts';
import type { Context } from '../context.ts';
import { partiesOf } from '../subjects/make-consent.ts';
import type { SeenEnd, Wallet, WalletConsent } from '../subjects/wallet.ts';
import { type AskedSide, askMember, type ReportCount } from './ask-member.ts';
import type { HistoryFinding, HistoryRemark } from './findings.ts';
import { matchSides } from './match-sides.ts';
import { type SubjectUsage, usagesOf } from './usages.ts';

/** A log that was asked, and how it says it ends. */
export type AskedLog = {
  readonly member: MemberId;
  readonly name: string;
  /** Code of the failure where it could not be read. */
  readonly unread: string | undefined;
  readonly entries: number;
  readonly size: number | undefined;
  readonly anchoredSize: number | undefined;
  readonly statement: string | undefined;
  readonly count: ReportCount | null;
};
export type ConsentReport = {
  readonly consent: ConsentId;
  readonly state: string;
  readonly grantee: MemberId;
  readonly purpose: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly asked: readonly AskedLog[];
  readonly usages: readonly SubjectUsage[];
};
export type HistoryReport = {
  readonly version: 1;
  readonly report: Hex;
  readonly subject: SubjectRef;
  /** Milliseconds. */
  readonly madeAt: number;
  readonly chainId: number;
  readonly block: BlockRef;
  readonly consents: readonly ConsentReport[];
  readonly findings: readonly HistoryFinding[];
  readonly remarks: readonly HistoryRemark[];
};

const nowState = (view: RegistryView, id: ConsentId): string => {
  const consent = view.consent(id);
  if (consent === undefined) return 'unknown';
  return consent.state === 'given' && consent.notAfter <= view.block.time ? 'expired' : consent.state;
};

const askedLog = (view: RegistryView, { member, unread, entries, end, count }: AskedSide): AskedLog => ({
  member,
  name: view.member(member)?.name ?? member,
  unread,
  entries: entries.length,
  size: end?.size,
  anchoredSize: end?.anchored?.size,
  statement: end?.statement,
  count,
});

/** Asks, for each of these consents, every log that could hold entries under it: the grantee's and those of the owners of the datasets, as they were named and as they are. */
export const makeReport = async (
  context: Context,
  chain: Chain,
  wallet: Wallet,
  consents: readonly WalletConsent[],
): Promise<{ readonly report: HistoryReport; readonly seen: readonly SeenEnd[] }> => {
  const report: Hex = `0x${Buffer.from(context.randomness.bytes(32)).toString('hex')}`;
  const made: ConsentReport[] = [];
  const seen: SeenEnd[] = [];
  const findings: HistoryFinding[] = [];
  const remarks: HistoryRemark[] = [];
  for (const consent of consents) {
    const { id, message } = consent;
    const parties = new Set([...(consent.parties as readonly MemberId[]), ...partiesOf(message, chain.head())]);
    const sides: AskedSide[] = [];
    for (const member of parties) {
      const before = wallet.ends?.find((end) => end.consent === id && end.member === member);
      sides.push(await askMember({ context, chain, consent, member, report, before }));
    }
    const view = chain.head();
    const matched = matchSides(id, message.grantee, sides, view);
    findings.push(...sides.flatMap((side) => side.findings), ...matched.findings);
    remarks.push(...matched.remarks);
    seen.push(...sides.flatMap((side) => side.seen ?? []));
    const { grantee, purpose } = message;
    const [notBefore, notAfter] = [message.notBefore, view.consent(id)?.notAfter ?? message.notAfter];
    const asked = sides.map((side) => askedLog(view, side));
    made.push({ consent: id, state: nowState(view, id), grantee, purpose, notBefore, notAfter, asked, usages: usagesOf(sides, grantee) });
  }
  const { block } = chain.head();
  return {
    seen,
    report: {
      version: 1,
      report,
      subject: wallet.subject,
      madeAt: context.clock.now(),
      chainId: chain.chainId,
      block,
      consents: made,
      findings,
      remarks,
    },
  };
};
