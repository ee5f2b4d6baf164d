import { Wallet as EthersWallet } from 'ethers';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { type HistoryRequestMessage, historyRequestDomain, historyRequestTypes } from '../../domain/consent-typed-data.ts';
import type { Hex, MemberId } from '../../domain/ids.ts';
import type { Chain } from '../chain.ts';
import type { Context } from '../context.ts';
import { CliFailure, exitStatus } from '../failure.ts';
import type { SeenEnd, WalletConsent } from '../subjects/wallet.ts';
import { type HistoryEndLine, verifyEnd } from '../verification/verify-end.ts';
import { type HistoryEntry, type HistoryLine, verifyHistoryLine } from '../verification/verify-history.ts';
import type { HistoryFinding } from './findings.ts';
import type { Side } from './match-sides.ts';

/** The how-manieth report of the year this is at a member; persons only. */
export type ReportCount = { readonly year: string; readonly number: number; readonly free: number; readonly chargeable: boolean };
type Page = { readonly entries: readonly HistoryLine[]; readonly end: HistoryEndLine | null; readonly report: ReportCount | null };

const hashes = Type.Array(Type.String());
const PageForm = Type.Object({
  entries: Type.Array(
    Type.Object({
      n: Type.Integer({ minimum: 0 }),
      index: Type.Integer({ minimum: 0 }),
      leaf: Type.String(),
      anchoredSize: Type.Union([Type.Integer(), Type.Null()]),
      proof: hashes,
      opening: Type.Union([
        Type.Object({
          usage: Type.String(),
          step: Type.String(),
          values: Type.Record(Type.String(), Type.String()),
          salts: Type.Record(Type.String(), Type.String()),
        }),
        Type.Null(),
      ]),
      evidence: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
  end: Type.Union([
    Type.Object({
      statement: Type.String(),
      size: Type.Integer({ minimum: 0 }),
      anchored: Type.Union([Type.Object({ size: Type.Integer({ minimum: 0 }), proof: hashes }), Type.Null()]),
      since: hashes,
    }),
    Type.Null(),
  ]),
  report: Type.Union([
    Type.Object({ year: Type.String(), number: Type.Integer(), free: Type.Integer(), chargeable: Type.Boolean() }),
    Type.Null(),
  ]),
});

/** One member's log for one consent, as far as it could be read and held. `seen` is what to remember of it. */
export type AskedSide = Side & {
  readonly count: ReportCount | null;
  readonly end: HistoryEndLine | undefined;
  readonly seen: SeenEnd | undefined;
  readonly findings: readonly HistoryFinding[];
};

/** Log number of every member in this version of the network. */
const log = 0;
const pageSize = 50;
const validSeconds = 300;

type Asking = {
  readonly context: Context;
  readonly chain: Chain;
  readonly consent: WalletConsent;
  readonly member: MemberId;
  readonly report: Hex;
  readonly before: SeenEnd | undefined;
};

const askPage = async ({ context, chain, consent, member, report, before }: Asking, from: number): Promise<Page> => {
  const request: HistoryRequestMessage = {
    consent: consent.id,
    member,
    log,
    from,
    count: pageSize,
    report,
    since: before?.size ?? 0,
    deadline: Math.floor(context.clock.now() / 1000) + validSeconds,
  };
  const signature = await new EthersWallet(consent.privateKey).signTypedData(
    historyRequestDomain(chain.chainId),
    historyRequestTypes,
    request,
  );
  const page = await context.publicGateway(member).post<unknown>('/v1/subject/history', { request, signature });
  if (!Value.Check(PageForm, page)) throw new CliFailure(exitStatus.refused, 'ANSWER_MALFORMED', `${member} answers in another form`);
  return page as Page;
};

/** Asks one member for every entry until its end, which it signs, and checks all of it. What can't be read is `unread` with a code, not a failure of the command. */
export const askMember = async (asking: Asking): Promise<AskedSide> => {
  const { chain, consent, member, before } = asking;
  const findings: HistoryFinding[] = [];
  const entries: HistoryEntry[] = [];
  let count: ReportCount | null = null;
  let end: HistoryEndLine | undefined;
  let next = 0;
  try {
    while (end === undefined) {
      const page = await askPage(asking, next);
      // What the page is proved under may be newer than what was read of the chain.
      await chain.freshen();
      const anchors = chain.head().anchors(member, log);
      for (const line of page.entries) {
        for (; next < line.n && next < line.n + pageSize; next += 1) findings.push({ kind: 'gap', consent: consent.id, member, n: next });
        const entry = verifyHistoryLine(member, log, consent.historyKey, anchors, line);
        const last = entries.at(-1);
        if (entry.state === 'false')
          findings.push({ kind: 'false-entry', consent: consent.id, member, n: line.n, problem: entry.problem ?? 'malformed' });
        else if (line.n < next || (last !== undefined && entry.index <= last.index))
          findings.push({ kind: 'out-of-order', consent: consent.id, member, n: line.n });
        entries.push(entry);
        next = Math.max(next, line.n + 1);
      }
      count = page.report;
      end = page.end ?? undefined;
      if (end === undefined && page.entries.length === 0) break;
    }
  } catch (failure) {
    if (!(failure instanceof CliFailure)) throw failure;
    // A log shorter than it signed before is no failure to answer.
    const shorter = failure.code === 'LOG_RANGE_INVALID' && before !== undefined;
    if (shorter)
      findings.push({
        kind: 'false-end',
        consent: consent.id,
        member,
        problem: 'shrunk',
        earlier: before.statement,
        statement: undefined,
      });
    return { member, unread: failure.code, entries, count, end: undefined, seen: undefined, findings };
  }
  const asked = { chainId: chain.chainId, report: asking.report, consent: consent.id, member, log };
  const judged: ReturnType<typeof verifyEnd> =
    end === undefined ? { seen: undefined, problems: ['unsigned'] } : verifyEnd(asked, entries, end, before, chain.head());
  for (const problem of judged.problems)
    findings.push({
      kind: 'false-end',
      consent: consent.id,
      member,
      problem,
      earlier: before?.statement,
      statement: end?.statement,
    });
  // A statement that contradicts an earlier one must not take its place.
  return { member, unread: undefined, entries, count, end, seen: judged.problems.length === 0 ? judged.seen : undefined, findings };
};
