import type { Finding } from '../../audit/finding.ts';
import type { Context } from '../context.ts';
import type { Desk } from './desk.ts';
import { isFlagged } from './judge-witnesses.ts';
import type { LogState } from './state.ts';

/** One log's line in every report. */
export const summaryOf = ({ chain }: Desk, state: LogState) => {
  const { member, log, size, erased, served, refused, quorumSize, waiting } = state;
  const head = chain.head();
  const anchors = head.anchors(member, log);
  const anchoredSize = anchors.at(-1)?.size ?? 0;
  return {
    member,
    size,
    anchors: anchors.length,
    anchoredSize,
    notAnchored: Math.max(0, size - anchoredSize),
    quorumSize,
    /** Block time since when it has claimed more than that. */
    waitingSince: waiting?.since ?? null,
    flagged: isFlagged(state, head),
    erased,
    served,
    refused,
  };
};
export type LogSummary = ReturnType<typeof summaryOf>;

export const summaryTable = (context: Context, logs: readonly LogSummary[]): string =>
  context.table(
    [
      context.t('member', '成员'),
      context.t('entries', '条目'),
      context.t('anchored', '已锚定'),
      context.t('anchors', '锚定次数'),
      context.t('cosigned', '已联署'),
      context.t('served', '已提供'),
      context.t('refused', '已拒绝'),
      context.t('erased', '已擦除'),
    ],
    logs.map((log) =>
      [
        log.member,
        log.size,
        log.anchoredSize,
        log.anchors,
        `${log.quorumSize}${log.flagged ? '!' : ''}`,
        log.served,
        log.refused,
        log.erased,
      ].map(String),
    ),
  );

/** In words, of a log whose witnesses have been missing for too long. */
export const flagText = (context: Context, { quorumSize, waitingSince }: LogSummary): string => {
  const since = new Date((waitingSince ?? 0) * 1000).toISOString();
  return context.t(
    `no quorum of witnesses beyond ${quorumSize} entries since ${since}`,
    `自 ${since} 起，第 ${quorumSize} 条之后的检查点未获足够见证方联署`,
  );
};

export const findingLine = ({ kind, member, usage, what }: Finding): string =>
  [kind, member, ...(usage === undefined ? [] : [usage]), what].join('  ');
