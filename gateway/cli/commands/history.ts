import type { Command } from 'commander';
import { Wallet as EthersWallet } from 'ethers';
import { type HistoryRequestMessage, historyRequestDomain, historyRequestTypes } from '../../domain/consent-typed-data.ts';
import type { MemberId } from '../../domain/ids.ts';
import { type Chain, withChain } from '../chain.ts';
import type { Context } from '../context.ts';
import { CliFailure, exitStatus } from '../failure.ts';
import type { Run } from '../run.ts';
import { type SubjectOptions, withWallet } from '../subjects/open-wallet.ts';
import type { WalletConsent } from '../subjects/wallet.ts';
import { chosenConsent } from '../subjects/with-subject.ts';
import { shortHex } from '../table.ts';
import { type HistoryEntry, type HistoryLine, verifyHistoryLine } from '../verification/verify-history.ts';

/** Log number of every member in this version of the network. */
const log = 0;
const pageSize = 50;
const validSeconds = 300;

const readMember = async (context: Context, chain: Chain, consent: WalletConsent, member: MemberId): Promise<HistoryEntry[]> => {
  const entries: HistoryEntry[] = [];
  const anchors = () => chain.head().anchors(member, log);
  for (let more = true; more; ) {
    const request: HistoryRequestMessage = {
      consent: consent.id,
      member,
      log,
      from: entries.length,
      count: pageSize,
      deadline: Math.floor(context.clock.now() / 1000) + validSeconds,
    };
    const signature = await new EthersWallet(consent.privateKey).signTypedData(
      historyRequestDomain(chain.chainId),
      historyRequestTypes,
      request,
    );
    const page = await context
      .publicGateway(member)
      .post<{ entries: HistoryLine[]; more: boolean }>('/v1/subject/history', { request, signature });
    await chain.freshen();
    for (const line of page.entries) entries.push(verifyHistoryLine(member, log, entries.length, consent.historyKey, anchors(), line));
    more = page.more && page.entries.length > 0;
  }
  return entries;
};

type OneSided = { readonly usage: string; readonly missingAt: string };
type Side = { readonly member: string; readonly unread: string | undefined; readonly entries: readonly HistoryEntry[] };

type Shown = {
  readonly consent: string;
  readonly grantee: string;
  readonly sides: readonly Side[];
  readonly oneSided: readonly OneSided[];
};

/** Usages that one side shows as answered and the other does not show at all. */
const oneSided = (grantee: string, sides: readonly Side[]): { readonly usage: string; readonly missingAt: string }[] => {
  const usagesOf = (member: string): Set<string | undefined> =>
    new Set(sides.find((side) => side.member === member)?.entries.map(({ usage }) => usage));
  const atGrantee = usagesOf(grantee);
  const findings: { usage: string; missingAt: string }[] = [];
  for (const { member, entries, unread } of sides) {
    if (unread !== undefined) continue;
    for (const { usage, leaf, values } of entries) {
      if (usage === undefined || leaf === undefined) continue;
      const other = member === grantee ? values.counterparty : grantee;
      const readable = sides.find((side) => side.member === other)?.unread === undefined;
      const answered = leaf.step === 'served' || (leaf.step === 'received' && leaf.outcome === 'ok');
      if (!readable || !answered || other === undefined) continue;
      if (!(member === grantee ? usagesOf(other) : atGrantee).has(usage)) findings.push({ usage, missingAt: other });
    }
  }
  return findings;
};

const history = (context: Context, options: SubjectOptions & { readonly consent?: string }): Promise<void> =>
  withChain(context.network(), (chain) =>
    withWallet(context, options, async (open) => {
      const consents =
        options.consent === undefined
          ? open.wallet.consents.filter(({ state }) => state !== 'made' && state !== 'lapsed')
          : [chosenConsent(open, options.consent)];
      const shown: Shown[] = [];
      for (const consent of consents) {
        const sides: Side[] = [];
        for (const member of consent.parties as readonly MemberId[]) {
          try {
            sides.push({ member, unread: undefined, entries: await readMember(context, chain, consent, member) });
          } catch (failure) {
            if (!(failure instanceof CliFailure)) throw failure;
            sides.push({ member, unread: failure.code, entries: [] });
          }
        }
        shown.push({ consent: consent.id, grantee: consent.message.grantee, sides, oneSided: oneSided(consent.message.grantee, sides) });
      }
      const wrong = shown.some(
        ({ sides, oneSided: missing }) => missing.length > 0 || sides.some(({ entries }) => entries.some(({ state }) => state === 'false')),
      );
      context.show(shown, () => shown.map((one) => text(context, one)).join('\n\n'));
      if (wrong) process.exitCode = exitStatus.refused;
      else if (shown.some(({ sides }) => sides.some(({ unread }) => unread !== undefined))) process.exitCode = exitStatus.unreachable;
    }),
  );

const text = (
  context: Context,
  {
    consent,
    sides,
    oneSided: missing,
  }: { consent: string; sides: readonly Side[]; oneSided: readonly { usage: string; missingAt: string }[] },
): string =>
  [
    `${context.t('consent', '授权')} ${consent}`,
    context.table(
      [
        context.t('when', '时间'),
        context.t('at', '日志'),
        context.t('step', '步骤'),
        context.t('outcome', '结果'),
        context.t('dataset', '数据集'),
        context.t('fields', '字段'),
        context.t('purpose', '用途'),
        context.t('proof', '证明'),
        context.t('usage', '使用编号'),
      ],
      sides
        .flatMap(({ entries }) => entries)
        .sort((a, b) => (a.leaf?.time ?? 0) - (b.leaf?.time ?? 0))
        .map(({ member, state, problem, leaf, usage, values }) => [
          leaf === undefined ? '-' : new Date(leaf.time).toISOString().slice(0, 19),
          member,
          leaf?.step ?? '-',
          leaf?.outcome ?? '-',
          values.dataset ?? '-',
          values.fields === undefined ? '-' : String((JSON.parse(values.fields) as string[]).length),
          values.purpose ?? '-',
          problem ?? state,
          shortHex(usage ?? '-'),
        ]),
    ),
    ...sides
      .filter(({ unread }) => unread !== undefined)
      .map(({ member, unread }) => context.t(`${member} could not be read: ${unread}`, `${member} 无法读取：${unread}`)),
    ...missing.map(({ usage, missingAt }) =>
      context.t(`MISSING: ${missingAt} does not show usage ${usage}`, `缺失：${missingAt} 未列出使用 ${usage}`),
    ),
  ].join('\n');

export const historyCommand = (program: Command, run: Run): void => {
  program
    .command('history')
    .description("every use of the subject's data under its consents, out of all logs, each proved against the chain")
    .requiredOption('--subject <name>', 'subject on this machine')
    .option('--consent <id>', 'only this one: id or its first digits')
    .option('--passphrase-file <file>', 'passphrase, mode 0600 (default: $XINSHU_PASSPHRASE_FILE, else asked for)')
    .addHelpText(
      'after',
      '\nExit status 1 when an answer is false or one side hides a usage, 3 when a log could not be read.\n\nExample:\n  xinshu history --subject qinchuan',
    )
    .action(run(history));
};
