import type { Finding } from '../../audit/finding.ts';
import type { Context } from '../context.ts';
import type { Desk } from './desk.ts';
import type { LogState } from './state.ts';

/** One log's line in every report. */
export const summaryOf = ({ chain }: Desk, { member, log, size, erased, served, refused }: LogState) => {
  const anchors = chain.head().anchors(member, log);
  const anchoredSize = anchors.at(-1)?.size ?? 0;
  return { member, size, anchors: anchors.length, anchoredSize, notAnchored: Math.max(0, size - anchoredSize), erased, served, refused };
};
export type LogSummary = ReturnType<typeof summaryOf>;

export const summaryTable = (context: Context, logs: readonly LogSummary[]): string =>
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
    logs.map((log) => [log.member, log.size, log.anchoredSize, log.anchors, log.served, log.refused, log.erased].map(String)),
  );

export const findingLine = ({ kind, member, usage, what }: Finding): string =>
  [kind, member, ...(usage === undefined ? [] : [usage]), what].join('  ');
