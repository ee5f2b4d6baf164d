import type { Command } from 'commander';
import { checkServed, type Finding, matchHalves } from '../../audit/match.ts';
import type { MemberId } from '../../domain/ids.ts';
import { withChain } from '../chain.ts';
import type { Context } from '../context.ts';
import { CliFailure, exitStatus, usageFailure } from '../failure.ts';
import { readProfiles } from '../profiles.ts';
import type { Run } from '../run.ts';
import { chainFacts } from '../verification/chain-facts.ts';
import { type LeafLine, type LogFinding, type OpeningLine, type VerifiedLog, verifyLog } from '../verification/verify-log.ts';

type Checkpoint = { readonly member: MemberId; readonly log: number; readonly size: number };
type Unread = { readonly kind: 'log-unread'; readonly member: string; readonly what: string };

const auditors = (context: Context): string[] => {
  const names = context.options.as?.split(',') ?? Object.keys(readProfiles(context.home)).filter((name) => name.endsWith('.auditor'));
  if (names.length === 0) throw usageFailure('no auditor: give --as PROFILE[,PROFILE], or name profiles ….auditor in profiles.json');
  return names;
};

const audit = (context: Context): Promise<void> =>
  withChain(context.network(), async (chain) => {
    const logs: VerifiedLog[] = [];
    const unread: Unread[] = [];
    for (const profile of auditors(context)) {
      const gateway = context.gatewayAs(profile);
      try {
        const { member, log } = await gateway.get<Checkpoint>('/v1/log/checkpoint');
        await chain.freshen();
        const anchors = chain.head().anchors(member, log);
        // Asked after the anchors were read: an honest log is at least as long as any of them.
        const { size: to } = await gateway.get<Checkpoint>('/v1/log/checkpoint');
        const lines = <T>(what: string) => gateway.lines(`/v1/log/${what}?from=0&to=${to}`) as AsyncGenerator<T>;
        logs.push(await verifyLog(member, anchors, lines<LeafLine>('leaves'), lines<OpeningLine>('openings')));
      } catch (failure) {
        if (!(failure instanceof CliFailure)) throw failure;
        unread.push({ kind: 'log-unread', member: profile, what: `${failure.code}: ${failure.message}` });
      }
    }
    const facts = await chainFacts(
      chain,
      logs.flatMap(({ opened }) => opened),
    );
    const halves = logs.map(({ member, opened }) => ({ member, leaves: opened }));
    const matched: Finding[] = halves.flatMap((provider) => [
      ...checkServed(provider, facts),
      ...halves.filter((consumer) => consumer !== provider).flatMap((consumer) => matchHalves(consumer, provider)),
    ]);
    const findings: (Finding | LogFinding | Unread)[] = [...logs.flatMap((log) => log.findings), ...unread, ...matched];
    const summary = logs.map(({ member, size, anchors, anchoredSize, erased, opened }) => ({
      member,
      size,
      anchors,
      anchoredSize,
      notAnchored: size - anchoredSize,
      erased,
      served: opened.filter(({ leaf }) => leaf.step === 'served').length,
      refused: opened.filter(({ leaf }) => leaf.step === 'refused').length,
    }));
    context.show({ block: chain.head().block, logs: summary, findings, ok: findings.length === 0 }, () =>
      [
        context.table(
          [
            context.t('member', '成员'),
            context.t('entries', '条目'),
            context.t('anchored', '已锚定'),
            context.t('anchors', '锚定次数'),
            context.t('served', '已提供'),
            context.t('refused', '已拒绝'),
            context.t('erased', '已擦除'),
          ],
          summary.map((log) => [log.member, log.size, log.anchoredSize, log.anchors, log.served, log.refused, log.erased].map(String)),
        ),
        '',
        findings.length === 0
          ? context.t(
              'No findings: every root is the anchored one, and both sides of every usage agree.',
              '未发现问题：各日志根与链上锚定一致，双方记录逐笔相符。',
            )
          : context.t(`${findings.length} findings:`, `发现 ${findings.length} 个问题：`),
        ...findings.map(
          (finding) => `  ${finding.kind}  ${finding.member}  ${'usage' in finding ? `${finding.usage}  ` : ''}${finding.what}`,
        ),
      ].join('\n'),
    );
    if (findings.length > 0) process.exitCode = exitStatus.refused;
  });

export const auditCommand = (program: Command, run: Run): void => {
  program
    .command('audit')
    .description('verify all logs against the roots anchored on chain and match both halves of every usage; trusts no gateway')
    .addHelpText(
      'after',
      '\nReads the log of every profile named ….auditor (or those of --as a,b), recomputes its roots, compares them with the anchors that this\ncommand reads from the chain by itself, and names each missing or differing half. Exit status 1 on findings.\n\nExample:\n  xinshu audit --json',
    )
    .action(run(audit));
};
