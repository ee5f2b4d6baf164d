import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Finding } from '../../../audit/finding.ts';
import { XinshuError } from '../../../domain/errors.ts';
import { type AuditMetrics, auditMetrics } from '../../auditing/audit-metrics.ts';
import { auditRound, type Unread } from '../../auditing/audit-round.ts';
import type { Desk } from '../../auditing/desk.ts';
import { keepEvidence } from '../../auditing/evidence/keep-evidence.ts';
import { followReport } from '../../auditing/follow-report.ts';
import type { LogSource } from '../../auditing/log-source.ts';
import { logSources, withDesk } from '../../auditing/open-desk.ts';
import { summaryOf } from '../../auditing/summary.ts';
import type { Context } from '../../context.ts';
import { exitStatus } from '../../failure.ts';
import { parseCount } from '../../options.ts';
import type { Run } from '../../run.ts';
import { withReadingOptions } from './match.ts';

type FollowOptions = {
  readonly state?: string;
  readonly once?: boolean;
  readonly every: number;
  readonly metricsPort?: number;
  readonly members?: readonly string[];
  readonly tolerance: number;
  readonly evidence?: string;
};

const countOf = async (values: AsyncIterable<unknown>): Promise<number> => {
  let count = 0;
  for await (const _ of values) count += 1;
  return count;
};

/** One round; a chain that does not answer is one more log that could not be read, and is asked again in the next. */
const round = async (desk: Desk, sources: readonly LogSource[]): Promise<readonly Unread[]> => {
  try {
    return await auditRound(desk, sources);
  } catch (error) {
    if (!(error instanceof XinshuError) || error.code !== 'LEDGER_UNREACHABLE') throw error;
    desk.state.abandon();
    return [{ name: 'ledger', code: error.code, message: error.message }];
  }
};

/** Resolves when the process is asked to end: what is under way is finished first. */
const stopSignal = (): { readonly signal: AbortSignal; release(): void } => {
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, abort);
  return {
    signal: stop.signal,
    release: () => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.removeListener(name, abort);
    },
  };
};

const follow = async (context: Context, options: FollowOptions): Promise<void> => {
  const sources = await logSources(context, options.members);
  const report = followReport(context);
  const metrics: AuditMetrics | undefined = options.metricsPort === undefined ? undefined : await auditMetrics(options.metricsPort);
  const stop = stopSignal();
  const folder = options.state ?? join(context.home, 'audit-state');
  const fresh: Finding[] = [];
  const found: Desk['found'] = (finding) => {
    fresh.push(finding);
    report.finding(finding);
    metrics?.finding(finding);
  };
  try {
    await withDesk(context, { folder, tolerance: options.tolerance, found }, async (desk) => {
      // Those of earlier runs count as well: a finding does not go away by being old.
      for (const finding of await desk.state.findings()) metrics?.finding(finding);
      const shown = new Map<string, string>();
      const flagged = new Set<string>();
      while (!stop.signal.aborted) {
        const unread = await round(desk, sources);
        for (const one of unread) report.unread(one);
        for (const kept of await keepEvidence(context, desk, sources, options.evidence, fresh.splice(0))) report.evidence(kept);
        for (const log of (await desk.state.logs()).map((state) => summaryOf(desk, state))) {
          metrics?.log(log);
          const now = JSON.stringify(log);
          if (log.flagged !== flagged.has(log.member)) report.flag(log);
          if (log.flagged) flagged.add(log.member);
          else flagged.delete(log.member);
          if (shown.get(log.member) !== now) report.log(log);
          shown.set(log.member, now);
        }
        const [open, findings] = [await countOf(desk.state.open()), await desk.state.findings()];
        report.round({ round: desk.state.round, open, findings: findings.length });
        metrics?.round({ open, unread: unread.length, at: context.clock.now() });
        if (options.once === true) {
          if (findings.length > 0 || unread.length > 0) process.exitCode = exitStatus.refused;
          return;
        }
        await delay(options.every * 1000, undefined, { signal: stop.signal }).catch(() => undefined);
      }
      if ((await desk.state.findings()).length > 0) process.exitCode = exitStatus.refused;
    });
  } finally {
    stop.release();
    await metrics?.close();
  }
};

export const followCommand = (audit: Command, run: Run): void => {
  withReadingOptions(audit.command('follow'))
    .description('follow every log for days: each new checkpoint is checked, each new entry matched; goes on where it stopped')
    .option('--state <folder>', 'where what was seen is kept (default: audit-state in the home folder)')
    .option('--once', 'one round over all logs, then end')
    .option('--every <seconds>', 'pause between rounds', parseCount, 10)
    .option('--metrics-port <n>', 'metrics for Prometheus at /metrics on this port of 127.0.0.1', parseCount)
    .addHelpText(
      'after',
      '\nPrints a line for each log that grew, each log whose witnesses stay away for too long,\neach finding, each log that could not be read, and each round; with --json one JSON object a line.\nThe state belongs to one process at a time; killed anywhere, the next run goes on. Exit status 1 if anything was ever found.\n\nExample:\n  xinshu audit follow --state /var/lib/xinshu-audit --metrics-port 9464',
    )
    .action(run(follow));
};
