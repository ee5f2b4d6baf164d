import { expect } from 'chai';
import { openLedgerView } from '../../../gateway/adapters/ledger/open-ledger-view.ts';
import type { Chain } from '../../../gateway/cli/chain.ts';
import type { Context } from '../../../gateway/cli/context.ts';
import type { GatewayClient } from '../../../gateway/cli/gateway-client.ts';
import { gatewayClient } from '../../../gateway/cli/gateway-client.ts';
import { findingText } from '../../../gateway/cli/history/findings.ts';
import { html } from '../../../gateway/cli/history/html.ts';
import { type HistoryReport, makeReport } from '../../../gateway/cli/history/make-report.ts';
import { reportPage } from '../../../gateway/cli/history/report-page.ts';
import { type SeenEnd, type Wallet, withEnds } from '../../../gateway/cli/subjects/wallet.ts';
import { freeReportsFor } from '../../../gateway/domain/free-reports.ts';
import type { Address, MemberId } from '../../../gateway/domain/ids.ts';
import type { SubjectRef } from '../../../gateway/domain/subject.ts';
import { anchorLog } from '../../../gateway/flows/anchor-log.ts';
import type { HistoryAsked } from '../../../gateway/flows/check-history-owner.ts';
import { countReport } from '../../../gateway/flows/count-report.ts';
import type { Modules } from '../../../gateway/flows/modules.ts';
import { planErasure } from '../../../gateway/flows/plan-erasure.ts';
import { type History, readHistory } from '../../../gateway/flows/read-history.ts';
import { requestRecord } from '../../../gateway/flows/request-record.ts';
import { runErasure } from '../../../gateway/flows/run-erasure.ts';
import type { AuditStore } from '../../../gateway/ports/audit-store.ts';
import {
  believes,
  consumer,
  giveConsent,
  members,
  provider,
  publish,
  query,
  subjects,
  type TestConsent,
} from '../../helpers/electricity.ts';
import { codeOf, type GatewayNetwork, good, startGatewayNetwork } from '../../helpers/gateway-network.ts';
import { systemRandomness } from '../../helpers/system-randomness.ts';

type Answer = { entries: { n: number; evidence: string | null; [name: string]: unknown }[]; end: { statement: string } | null };
/** What one member does to its answers. */
type Dishonest = { readonly member: string; readonly modules?: (modules: Modules) => Modules; readonly answer?: (answer: Answer) => void };

/** The same gateway, whose entries say that they are years old. */
const yearsAgo = (modules: Modules, years: number): Modules => ({
  ...modules,
  audit: {
    ...modules.audit,
    append: (request) =>
      modules.audit.append({ ...request, draft: { ...request.draft, time: request.draft.time - years * 365.25 * 86_400_000 } }),
  },
});

describe('xinshu history', () => {
  let network: GatewayNetwork;
  let chain: Chain;
  let consent: TestConsent;
  let old: TestConsent;
  before(async () => {
    network = await startGatewayNetwork(members, believes);
    await publish(network);
    const { endpoint, chainId, contracts } = network.chain;
    chain = await openLedgerView({ url: endpoint, chainId, directory: contracts.directory as Address });
    // First in the log, whose times never go back: an entry old enough to be erased.
    old = await giveConsent(network, { subject: subjects[1]! });
    good(await requestRecord(yearsAgo(bank(), 4), query(old, { subject: subjects[1]! })));
    consent = await giveConsent(network);
    good(await requestRecord(bank(), query(consent)));
    for (const at of [bank(), grid()]) good(await anchorLog(at));
    await network.settled();
    good(await requestRecord(bank(), query(consent)));
    // Refused here, for its purpose: the consumer's own refusal under the consent.
    expect(codeOf(await requestRecord(bank(), query(consent, { purpose: 'loan-monitoring' })))).to.not.equal('ok');
  });
  after(async () => {
    await chain.close();
    await network.remove();
  });
  const bank = (): Modules => network.gateway(consumer).modules;
  const grid = (): Modules => network.gateway(provider).modules;

  const walletOf = (of: TestConsent, ends: readonly SeenEnd[] = []): Wallet =>
    ({
      version: 1,
      name: 'test',
      subject: of.opening.subject,
      credentials: [],
      consents: [
        {
          id: of.id,
          state: 'given',
          privateKey: of.wallet.privateKey,
          message: of.message,
          historyKey: of.opening.historyKey,
          parties: [consumer, provider],
        },
      ],
      ends,
    }) as unknown as Wallet;

  /** The real gateways over HTTP; a dishonest one answers by the same flow over a log that it falsifies, signed with its own keys. */
  const contextOf = (dishonest?: Dishonest): Context => {
    const publicGateway = (member: string): GatewayClient => {
      const client = gatewayClient(network.gateway(member).clientUrl, undefined, 'en');
      if (dishonest?.member !== member) return client;
      const post = async (path: string, body: unknown) => {
        const change = dishonest.modules;
        const answer =
          change === undefined
            ? await client.post<Answer>(path, body)
            : asAnswered(good(await readHistory(change(network.gateway(member).modules), body as HistoryAsked)));
        dishonest.answer?.(answer);
        return answer;
      };
      return { ...client, post } as GatewayClient;
    };
    return { publicGateway, clock: { now: () => Date.now() }, randomness: systemRandomness } as Context;
  };
  const asAnswered = ({ entries, end, report }: History) =>
    JSON.parse(
      JSON.stringify({
        entries: entries.map((entry) => ({
          ...entry,
          leaf: Buffer.from(entry.leaf).toString('base64url'),
          anchoredSize: entry.anchoredSize ?? null,
          opening: entry.opening ?? null,
          evidence: entry.evidence ?? null,
        })),
        end: end === undefined ? null : { ...end, anchored: end.anchored ?? null },
        report,
      }),
    ) as Answer;

  const make = (dishonest?: Dishonest, ends?: readonly SeenEnd[], of = consent) => {
    const wallet = walletOf(of, ends);
    return makeReport(contextOf(dishonest), chain, wallet, wallet.consents);
  };
  const kinds = ({ findings }: HistoryReport): string[] =>
    findings.map(
      (finding) =>
        `${finding.kind} ${finding.member} ${'problem' in finding ? finding.problem : 'index' in finding ? String(finding.index !== undefined) : finding.n}`,
    );
  /** A log whose entries of this consent from number `end` on are not there. */
  const hiding =
    (end: number) =>
    (modules: Modules): Modules => {
      const audit: AuditStore = { ...modules.audit, tagged: async (id, n) => (n >= end ? undefined : modules.audit.tagged(id, n)) };
      return { ...modules, audit };
    };

  it('finds every usage and refusal in both logs, and nothing to say against honest ones; again, and held against what was stated', async () => {
    const first = await make();
    expect(first.report.findings).to.deep.equal([]);
    const [one] = first.report.consents;
    expect(one?.usages.map(({ outcome, steps }) => [outcome, steps.length])).to.deep.equal([
      ['ok', 3],
      ['ok', 3],
      ['GRANT_PURPOSE_MISMATCH', 1],
    ]);
    expect(one?.usages[0]).to.include({ consumer, provider, purpose: 'loan-approval' });
    expect(one?.asked.map(({ member, entries }) => [member, entries])).to.deep.equal([
      [consumer, 5],
      [provider, 2],
    ]);
    good(await anchorLog(grid()));
    const wallet = withEnds(withEnds(walletOf(consent), first.seen), first.seen);
    expect(wallet.ends).to.have.length(2);
    const again = await make(undefined, wallet.ends);
    expect(again.report.findings).to.deep.equal([]);
  });

  it('names a provider that withholds its newest entry, by its own signature in the consumer’s log', async () => {
    const { report, seen } = await make({ member: provider, modules: hiding(1) });
    expect(kinds(report)).to.deep.equal([`half-missing ${provider} true`]);
    expect(findingText(report.findings[0]!, (en) => en)).to.contain('though it signed that it is its entry');
    // An honest answer later shows that the entry was there when it was stated not to be.
    const later = await make(undefined, seen);
    expect(kinds(later.report)).to.deep.equal([`false-end ${provider} withheld`]);
    expect(
      later.seen.map(({ member }) => member),
      'what contradicts is not taken for new',
    ).to.deep.equal([consumer]);
  });

  it('names a consumer that withholds, one whose end shrinks, and one that says less after it said more', async () => {
    expect(kinds((await make({ member: consumer, modules: hiding(2) })).report)).to.deep.equal([`half-missing ${consumer} true`]);
    const { seen } = await make();
    const shrunk = await make({ member: consumer, modules: hiding(4) }, seen);
    expect(kinds(shrunk.report)).to.deep.equal([`false-end ${consumer} shrunk`]);
    const longer = seen.map((end) => ({ ...end, size: end.size + 1000 }));
    expect(kinds((await make(undefined, longer)).report)).to.deep.equal([`false-end ${consumer} shrunk`, `false-end ${provider} shrunk`]);
    const other = seen.map((end) => ({ ...end, root: `0x${'11'.repeat(32)}` as const, entries: `0x${'22'.repeat(32)}` as const }));
    expect(kinds((await make(undefined, other)).report)).to.include.members([
      `false-end ${provider} earlier`,
      `false-end ${provider} rewritten`,
    ]);
  });

  it('names a gap, entries out of order, a false entry, false evidence, an end that does not hold', async () => {
    const at = async (answer: (given: Answer) => void) => kinds((await make({ member: provider, answer })).report);
    expect(
      await at(({ entries }) => {
        entries.shift();
      }),
    ).to.include.members([`gap ${provider} 0`, `false-end ${provider} count`]);
    expect(await at(({ entries }) => entries.reverse())).to.include(`out-of-order ${provider} 0`);
    expect(
      await at(({ entries }) => {
        entries[0]!.index = 7;
      }),
    ).to.include.members([`false-entry ${provider} proof`]);
    expect(
      await at(({ entries }) => {
        entries[0]!.evidence = entries[1]!.evidence;
      }),
    ).to.include(`false-entry ${provider} evidence`);
    expect(
      await at(({ end }) => {
        if (end !== null) end.statement = `${end.statement.slice(0, -4)}AAAA`;
      }),
    ).to.deep.equal([`false-end ${provider} unsigned`]);
    expect(
      await at((given) => {
        given.entries = [];
        given.end = null;
      }),
    ).to.include(`false-end ${provider} unsigned`);
  });

  it('says which log could not be read, and does not take that for a contradiction', async () => {
    const wallet = walletOf(consent);
    const context = contextOf();
    const away = {
      ...context,
      publicGateway: (member: string) =>
        member === provider ? gatewayClient('http://127.0.0.1:9', undefined, 'en') : context.publicGateway(member),
    };
    const { report } = await makeReport(away, chain, wallet, wallet.consents);
    expect(report.findings).to.deep.equal([]);
    expect(report.consents[0]?.asked.map(({ unread }) => unread)).to.deep.equal([undefined, 'GATEWAY_UNREACHABLE']);
    const garbled = await make({ member: provider, answer: ({ entries }) => Object.assign(entries[0]!, { index: '0' }) });
    expect(garbled.report.consents[0]?.asked.map(({ unread }) => unread)).to.deep.equal([undefined, 'ANSWER_MALFORMED']);
  });

  it('shows an erased usage as erased, and the erasure itself', async () => {
    const staff = { name: 'Op Ma', roles: ['operator' as const] };
    good(await runErasure(bank(), { consent: old.id, plan: good(await planErasure(bank(), { consent: old.id })).plan, staff }));
    const { report } = await make(undefined, undefined, old);
    expect(report.findings).to.deep.equal([]);
    expect(report.consents[0]?.usages.map(({ kind }) => kind).sort()).to.deep.equal(['erased', 'erased', 'erasure', 'usage']);
    expect(reportPage(report, chain.head(), 'en'))
      .to.contain('erased after its time')
      .and.not.to.contain('Op Ma');
  });

  describe('reports of a year (rule 25)', () => {
    const person: SubjectRef = { type: 'natural-person', code: '11010519491231002X' };
    const counted = (report: HistoryReport) => report.consents[0]?.asked.map(({ count }) => count);

    it('counts a person’s, two free, the third chargeable and answered; durably, by person and not by consent or type', async () => {
      const one = await giveConsent(network, { subject: person });
      const two = await giveConsent(network, { subject: { ...person, type: 'farmer' } });
      const year = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 4);
      const expected = (number: number) => ({ year, number, free: 2, chargeable: number > 2 });
      expect(counted((await make(undefined, undefined, one)).report)).to.deep.equal([expected(1), expected(1)]);
      const both = walletOf(one);
      const wallet = { ...both, consents: [...both.consents, ...walletOf(two).consents] };
      const { report } = await makeReport(contextOf(), chain, wallet, wallet.consents);
      expect(report.consents.map(({ asked }) => asked[0]?.count)).to.deep.equal([expected(2), expected(2)]);
      await network.stop(consumer);
      await network.start(consumer);
      const third = (await make(undefined, undefined, two)).report;
      expect(counted(third)?.[0]).to.deep.equal(expected(3));
      expect(third.consents[0]?.asked[0]?.unread).to.equal(undefined);
      expect(reportPage(third, chain.head(), 'zh')).to.contain('本份可收费');
    });

    it('does not count a repeated request, and does not let one report go on for ever', async () => {
      const of = await giveConsent(network, { subject: { type: 'farmer', code: '440524188001010014' } });
      let asked: HistoryAsked | undefined;
      const context = contextOf();
      const publicGateway = (member: string): GatewayClient => {
        const client = context.publicGateway(member);
        const post = (path: string, body: unknown) => {
          if (member === consumer) asked = body as HistoryAsked;
          return client.post(path, body);
        };
        return { ...client, post } as GatewayClient;
      };
      const wallet = walletOf(of);
      await makeReport({ ...context, publicGateway }, chain, wallet, wallet.consents);
      for (let repeat = 0; repeat < 3; repeat += 1) expect(good(await readHistory(bank(), asked!)).report).to.include({ number: 1 });
    });
  });

  it('keeps a report that is begun in the last hour of a year that year’s, and ends each after an hour', async () => {
    const at = (time: string): Modules => ({ ...bank(), clock: { now: () => Date.parse(time) } });
    const subject: SubjectRef = { type: 'key-professional', code: '11010519491231002X' };
    const [one, two] = [`0x${'01'.repeat(32)}`, `0x${'02'.repeat(32)}`] as const;
    const before = good(await countReport(at('2030-12-31T15:50:00Z'), subject, one));
    expect(before).to.deep.equal({ year: '2030', number: 1, free: 2, chargeable: false });
    expect(good(await countReport(at('2030-12-31T16:10:00Z'), subject, one))).to.deep.equal(before);
    expect(good(await countReport(at('2030-12-31T16:10:00Z'), subject, two))).to.deep.equal({ ...before!, year: '2031' });
    expect(codeOf(await countReport(at('2030-12-31T16:51:00Z'), subject, one))).to.equal('HISTORY_REPORT_OVER');
    expect(good(await countReport(at('2030-12-31T16:10:00Z'), subjects[0]!, one))).to.equal(null);
    expect(freeReportsFor(subject, '2013-03-14')).to.equal(undefined);
  });

  it('escapes whatever stands in the report', async () => {
    expect(html`<p title="${'"\'&<x>'}">${'<script>alert(1)</script>'}</p>`.text).to.equal(
      '<p title="&quot;&#39;&amp;&lt;x&gt;">&lt;script&gt;alert(1)&lt;/script&gt;</p>',
    );
    const { report } = await make();
    const evil = '<img src=x onerror=alert(1)>';
    const [one] = report.consents;
    const usages = one!.usages.map((usage) => ({
      ...usage,
      dataset: evil,
      fields: [evil],
      purpose: evil,
      outcome: evil,
      consumer: evil as MemberId,
      usage: `"${evil}`,
    }));
    const asked = one!.asked.map((log) => ({ ...log, unread: evil, member: evil as MemberId }));
    const page = reportPage(
      {
        ...report,
        subject: { type: 'enterprise', code: evil },
        consents: [{ ...one!, state: evil, purpose: evil, usages, asked }],
        remarks: [{ kind: 'answer-open', consent: consent.id, member: evil as MemberId, usage: evil }],
      },
      chain.head(),
      'en',
    );
    expect(page).to.not.contain('<img');
    expect(page).to.not.match(/<script|javascript:|https?:\/\//);
  });
});
