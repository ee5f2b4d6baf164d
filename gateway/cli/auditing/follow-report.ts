import type { Finding } from '../../audit/finding.ts';
import type { Context } from '../context.ts';
import type { Unread } from './audit-round.ts';
import type { KeptEvidence } from './evidence/keep-evidence.ts';
import { findingLine, flagText, type LogSummary } from './summary.ts';

/** What a following audit has to say, a line each; with --json one JSON object a line. */
export type FollowReport = {
  log(log: LogSummary): void;
  /** A log that was flagged, or is not any more. */
  flag(log: LogSummary): void;
  finding(finding: Finding): void;
  unread(unread: Unread): void;
  evidence(kept: KeptEvidence): void;
  round(round: { readonly round: number; readonly open: number; readonly findings: number }): void;
};

const widths = [20, 12, 12, 12];

export const followReport = (context: Context): FollowReport => {
  const { terminal, clock, options } = context;
  const when = (): string => new Date(clock.now()).toISOString().slice(0, 19);
  const columns = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  const say = (kind: string, value: object, cells: readonly string[]): void =>
    terminal.out(
      options.json === true ? JSON.stringify({ kind, time: clock.now(), ...value }) : `${when()}  ${kind.padEnd(10)}  ${columns(cells)}`,
    );
  return {
    log: (log) =>
      say('log', { log }, [
        log.member,
        `${log.size} ${context.t('read', '已读')}`,
        `${log.anchoredSize} ${context.t('anchored', '已锚定')}`,
      ]),
    flag: (log) => say('flag', { log }, [log.member, log.flagged ? flagText(context, log) : context.t('cosigned again', '已恢复联署')]),
    finding: (finding) => say('finding', { finding }, [findingLine(finding)]),
    unread: (unread) => say('unread', { unread }, [unread.name, `${unread.code}: ${unread.message}`]),
    evidence: (kept) => say('evidence', { evidence: kept }, [kept.file]),
    round: (round) =>
      say('round', round, [
        String(round.round),
        `${round.open} ${context.t('open', '未结')}`,
        `${round.findings} ${context.t('findings', '问题')}`,
      ]),
  };
};
