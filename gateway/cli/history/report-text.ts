import type { Context } from '../context.ts';
import { shortHex } from '../table.ts';
import { findingText, remarkText } from './findings.ts';
import type { AskedLog, ConsentReport, HistoryReport } from './make-report.ts';
import { notCovered } from './not-covered.ts';
import { chinaTime, consentStateWord, outcomeWord, proofOf, purposeWord, stateWord } from './words.ts';

export const countText = ({ count, member }: AskedLog, t: Context['t']): string | undefined =>
  count === null
    ? undefined
    : t(
        `${member}: report ${count.number} of ${count.year}, ${count.free} are free${count.chargeable ? '; this one may be charged' : ''}`,
        `${member}：${count.year} 年第 ${count.number} 份，每年免费 ${count.free} 份${count.chargeable ? '，本份可收费' : ''}`,
      );

/** The report for a terminal. */
export const reportText = (context: Context, report: HistoryReport): string => {
  const { t } = context;
  const { findings, remarks } = report;
  return [
    ...report.consents.map((one) => consentText(context, one)),
    ...counts(context, report),
    findings.length === 0
      ? t('No contradiction was found.', '未发现矛盾。')
      : [t(`${findings.length} findings:`, `发现 ${findings.length} 个问题：`), ...findings.map((one) => `  ${findingText(one, t)}`)].join(
          '\n',
        ),
    ...(remarks.length === 0 ? [] : [[t('Remarks:', '说明：'), ...remarks.map((one) => `  ${remarkText(one, t)}`)].join('\n')]),
    [t('Not covered:', '未涵盖：'), ...notCovered.map(({ en, zh }) => `  ${t(en, zh)}`)].join('\n'),
  ].join('\n\n');
};

const counts = (context: Context, { consents }: HistoryReport): string[] => {
  const lines = new Set(consents.flatMap(({ asked }) => asked.flatMap((log) => countText(log, context.t) ?? [])));
  return lines.size === 0 ? [] : [[...lines].join('\n')];
};

const consentText = (context: Context, { consent, state, grantee, purpose, asked, usages }: ConsentReport): string => {
  const { t } = context;
  const { lang } = context.options;
  return [
    `${t('consent', '授权')} ${consent}\n${grantee}, ${purposeWord(purpose, lang)}, ${consentStateWord(state, lang)}`,
    context.table(
      [t('log asked', '已查日志'), t('entries', '条目'), t('log size', '日志大小'), t('its end', '末尾')],
      asked.map(({ member, unread, entries, size }) => [
        member,
        String(entries),
        size === undefined ? '-' : String(size),
        unread === undefined ? t('stated and signed', '已签名声明') : t(`not read: ${unread}`, `未能读取：${unread}`),
      ]),
    ),
    context.table(
      [
        t('when', '时间'),
        t('who', '使用方'),
        t('from', '来源'),
        t('what', '数据集'),
        t('fields', '字段'),
        t('why', '用途'),
        t('outcome', '结果'),
        t('proof', '证明'),
        t('usage', '使用编号'),
      ],
      usages.map((usage) => [
        chinaTime(usage.time),
        usage.consumer ?? '-',
        usage.provider ?? '-',
        usage.dataset ?? '-',
        usage.fields === undefined ? '-' : String(usage.fields.length),
        usage.purpose === undefined ? '-' : purposeWord(usage.purpose, lang),
        usage.outcome === 'ok' || usage.kind !== 'usage' ? outcomeWord(usage, lang) : usage.outcome,
        stateWord(proofOf(usage), lang),
        usage.usage === undefined ? '-' : shortHex(usage.usage),
      ]),
    ),
  ].join('\n\n');
};
