import { type Command, InvalidArgumentError } from 'commander';
import type { Finding } from '../../../audit/finding.ts';
import { auditRound } from '../../auditing/audit-round.ts';
import type { Desk } from '../../auditing/desk.ts';
import { keepEvidence } from '../../auditing/evidence/keep-evidence.ts';
import { logSources, withDesk } from '../../auditing/open-desk.ts';
import { findingLine, flagText, summaryOf, summaryTable } from '../../auditing/summary.ts';
import type { Context } from '../../context.ts';
import { exitStatus, usageFailure } from '../../failure.ts';
import { parseCount, parseList, parseMoment } from '../../options.ts';
import type { Run } from '../../run.ts';

/** A block by its number, or a moment in seconds. */
type Bound = { readonly block: number } | { readonly time: number };
export type MatchOptions = {
  readonly members?: readonly string[];
  readonly from?: Bound;
  readonly to?: Bound;
  readonly tolerance: number;
  readonly evidence?: string;
};

const parseBound = (text: string): Bound => {
  if (/^[0-9]+$/.test(text)) return { block: parseCount(text) };
  try {
    return { time: parseMoment(text) };
  } catch {
    throw new InvalidArgumentError('the number of a block, or a date such as 2027-01-31 or 2027-01-31T08:00:00Z');
  }
};

/** Whether a finding lies in the range, by its first entry; one of a log as a whole always does. */
const within =
  ({ state }: Desk, { from, to }: MatchOptions) =>
  ({ entries }: Finding): boolean => {
    const times = entries[0] === undefined ? undefined : state.leafTimes(entries[0].member, entries[0].index);
    if (times === undefined) return true;
    const at = (bound: Bound): number => ('block' in bound ? times.block - bound.block : times.time / 1000 - bound.time);
    return (from === undefined || at(from) >= 0) && (to === undefined || at(to) < 0);
  };

const collect = async <T>(values: AsyncIterable<T>): Promise<T[]> => {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
};

/**
 * Reads every log twice: what the first look saw of one side must be found on the other by the second, whose checkpoints were signed later. So usages that are
 * under way while it reads are no findings.
 */
export const match = async (context: Context, options: MatchOptions): Promise<void> => {
  const sources = await logSources(context, options.members);
  await withDesk(context, { folder: undefined, tolerance: options.tolerance, found: () => undefined }, async (desk) => {
    const unread = [...(await auditRound(desk, sources)), ...(await auditRound(desk, sources))];
    const unreadFindings = [...new Map(unread.map((one) => [one.name, one])).values()].map(
      ({ name, code, message }): Finding => ({
        kind: 'log-unread',
        member: name as Finding['member'],
        what: `${code}: ${message}`,
        entries: [],
      }),
    );
    const found = (await desk.state.findings()).filter(within(desk, options));
    const findings = [...unreadFindings, ...found];
    const kept = await keepEvidence(context, desk, sources, options.evidence, found);
    const logs = (await desk.state.logs()).map((log) => summaryOf(desk, log));
    const open = await collect(desk.state.open());
    context.show({ block: desk.chain.head().block, logs, open, findings, evidence: kept, ok: findings.length === 0 }, () =>
      [
        summaryTable(context, logs),
        '',
        ...logs.filter(({ flagged }) => flagged).map((log) => `${log.member}: ${flagText(context, log)}`),
        ...(open.length === 0
          ? []
          : [
              context.t(
                `${open.length} requests are open: nothing answered them yet.`,
                `${open.length} 笔请求尚无应答（未结，不属违规）。`,
              ),
            ]),
        findings.length === 0
          ? context.t(
              'No findings: every root is the anchored one, and both sides of every usage agree.',
              '未发现问题：各日志根与链上锚定一致，双方记录逐笔相符。',
            )
          : context.t(`${findings.length} findings:`, `发现 ${findings.length} 个问题：`),
        ...findings.map((finding) => `  ${findingLine(finding)}`),
        ...kept.map(({ file }) => `  ${context.t('evidence', '证据')}: ${file}`),
      ].join('\n'),
    );
    if (findings.length > 0) process.exitCode = exitStatus.refused;
  });
};

const parseTolerance = (text: string): number => {
  const seconds = parseCount(text);
  if (seconds > 86_400) throw usageFailure('--tolerance takes at most a day of seconds');
  return seconds;
};

/** Options of every command that reads the logs. */
export const defaultTolerance = 120;
export const withReadingOptions = (command: Command): Command =>
  command
    .option('--members <a,b>', 'only these members’ logs', parseList)
    .option('--evidence <folder>', 'write a file for each finding that convinces others (xinshu audit verify)')
    .option('--tolerance <seconds>', 'by how much clocks may differ', parseTolerance, defaultTolerance);

export const matchCommand = (audit: Command, run: Run): void => {
  withReadingOptions(audit.command('match'))
    .description('match both halves of every usage, and each served use with the chain at its block')
    .option('--from <block|date>', 'report from here on', parseBound)
    .option('--to <block|date>', 'and before this', parseBound)
    .addHelpText(
      'after',
      '\nNames halves that are missing or differ and in what, uses without a live authorization at their block, over-used consents and grants, late anchors and\nbackdated entries. A request that nothing answered is reported as open. Exit status 1 on findings.\n\nExample:\n  xinshu audit match --members bank-changan,grid-qinchuan --from 2027-01-01',
    )
    .action(run(match));
};
