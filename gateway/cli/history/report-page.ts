import type { RegistryView } from '../../domain/registry-view.ts';
import { subjectTypes } from '../../domain/subject.ts';
import { shortHex } from '../table.ts';
import { findingText, remarkText } from './findings.ts';
import { Html, html } from './html.ts';
import type { ConsentReport, HistoryReport } from './make-report.ts';
import { notCovered } from './not-covered.ts';
import { reportStyle } from './report-style.ts';
import { countText } from './report-text.ts';
import type { SubjectUsage, UsageStep } from './usages.ts';
import { chinaTime, consentStateWord, operationWord, outcomeWord, priceWord, proofOf, purposeWord, stateWord, stepWord } from './words.ts';

type Lang = 'en' | 'zh';
type Page = { readonly lang: Lang; readonly t: (en: string, zh: string) => string; readonly view: RegistryView };

/** The report as one page without scripts or anything from outside, to be read, printed and kept. Every value is escaped. */
export const reportPage = (report: HistoryReport, view: RegistryView, lang: Lang): string => {
  const page: Page = { lang, view, t: (en, zh) => (lang === 'zh' ? zh : en) };
  const { t } = page;
  const title = t('Who used my credit data', '信用数据使用履历');
  return html`<!doctype html>
<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Html(reportStyle)}</style>
</head>
<body>
<main>
${heading(page, report, title)}
${verdict(page, report)}
${findings(page, report)}
<section>
<h2>${t('Usages under each consent', '各项授权下的使用')}</h2>
<p class="soft">${t('Times are in China (UTC+8). Names of staff stay with the institutions.', '时间均为北京时间。机构经办人员姓名不向主体披露。')}</p>
${report.consents.map((consent) => consentSection(page, consent))}
</section>
${limits(page)}
</main>
</body>
</html>
`.text;
};

const heading = ({ lang, t }: Page, { subject, madeAt, block, chainId, report, consents }: HistoryReport, title: string): Html => {
  const counts = [...new Set(consents.flatMap(({ asked }) => asked.flatMap((log) => countText(log, t) ?? [])))];
  return html`<header>
<h1>${title}</h1>
<dl>
<dt>${t('Subject', '主体')}</dt><dd>${subjectTypes[subject.type][lang]} ${subject.code}</dd>
<dt>${t('Made', '生成时间')}</dt><dd>${chinaTime(madeAt)}</dd>
<dt>${t('Checked against', '核验依据')}</dt><dd>${t(`chain ${chainId}, block ${block.number}`, `链 ${chainId}，区块 ${block.number}`)} <code>${block.hash}</code></dd>
<dt>${t('Report', '报告编号')}</dt><dd><code>${report}</code></dd>
${counts.length === 0 ? [] : html`<dt>${t('Free reports', '免费次数')}</dt><dd><ul>${counts.map((text) => html`<li>${text}</li>`)}</ul></dd>`}
</dl>
</header>`;
};

/** In English; Chinese has no plural. */
const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

const verdict = ({ t }: Page, { findings: found, consents }: HistoryReport): Html => {
  const usages = consents.flatMap((consent) => consent.usages).filter(({ kind }) => kind === 'usage');
  const delivered = usages.filter(({ outcome }) => outcome === 'ok').length;
  const refused = usages.filter(({ outcome }) => outcome !== 'ok' && outcome !== 'open').length;
  const unread = consents.flatMap(({ asked }) => asked.filter((log) => log.unread !== undefined)).length;
  const good = found.length === 0 && unread === 0;
  const sum = t(
    `${counted(usages.length, 'usage')} under ${counted(consents.length, 'consent')}: data was delivered in ${delivered}, refused in ${refused}.`,
    `${consents.length} 项授权下共 ${usages.length} 次使用：提供数据 ${delivered} 次，拒绝 ${refused} 次。`,
  );
  const head =
    found.length > 0
      ? t(`${counted(found.length, 'finding')} against an institution.`, `发现 ${found.length} 处与机构所述矛盾。`)
      : unread > 0
        ? t(`${counted(unread, 'log')} could not be read.`, `有 ${unread} 份日志未能读取。`)
        : t('No contradiction was found.', '未发现矛盾。');
  return html`<div class="verdict${good ? '' : ' bad'}" role="status"><strong>${head}</strong>${sum}</div>`;
};

const findings = ({ t }: Page, { findings: found, remarks }: HistoryReport): Html =>
  html`${
    found.length === 0
      ? []
      : html`<section>
<h2>${t('Findings', '发现的问题')}</h2>
<ul>${found.map((one) => html`<li class="bad">${findingText(one, t)} <span class="id">${t('consent', '授权')} <code>${one.consent}</code></span></li>`)}</ul>
<p class="soft">${t('The same report with --json holds the signed messages that prove them.', '以 --json 生成的同一报告含可作证据的签名报文。')}</p>
</section>`
  }${
    remarks.length === 0
      ? []
      : html`<section>
<h2>${t('Remarks', '说明')}</h2>
<ul>${remarks.map((one) => html`<li>${remarkText(one, t)}</li>`)}</ul>
</section>`
  }`;

const memberName = ({ view }: Page, id: string | undefined): Html => {
  if (id === undefined) return html`–`;
  const name = view.members().find((member) => member.id === id)?.name;
  return name === undefined ? html`${id}` : html`${name}<span class="id">${id}</span>`;
};

const consentSection = (page: Page, one: ConsentReport): Html => {
  const { lang, t } = page;
  return html`<section>
<h3>${purposeWord(one.purpose, lang)}: ${page.view.members().find(({ id }) => id === one.grantee)?.name ?? one.grantee} <span class="soft">(${consentStateWord(one.state, lang)})</span></h3>
<p class="soft">${t('Consent', '授权')} <code>${one.consent}</code><br>${t('valid', '有效期')} ${chinaTime(one.notBefore * 1000)} – ${chinaTime(one.notAfter * 1000)}</p>
<h4>${t('Logs asked', '已查询的日志')}</h4>
<div class="scroll"><table>
<thead><tr><th scope="col">${t('Institution', '机构')}</th><th scope="col">${t('Entries', '条目')}</th><th scope="col">${t('End of its log', '日志末尾')}</th></tr></thead>
<tbody>${one.asked.map(
    (log) =>
      html`<tr><td class="line">${memberName(page, log.member)}</td><td>${log.entries}</td><td>${
        log.unread === undefined
          ? t(
              `stated and signed; the whole log then had ${counted(log.size ?? 0, 'entry', 'entries')}, ${log.anchoredSize ?? 0} anchored`,
              `已签名声明；当时全日志共 ${log.size ?? 0} 条，已锚定 ${log.anchoredSize ?? 0} 条`,
            )
          : html`<span class="bad">${t('could not be read', '未能读取')}: ${log.unread}</span>`
      }</td></tr>`,
  )}</tbody>
</table></div>
<h4>${t('Usages', '使用记录')}</h4>
${
  one.usages.length === 0
    ? html`<p>${t('None.', '无。')}</p>`
    : html`<div class="scroll"><table>
<thead><tr>${[
        t('When', '时间'),
        t('Who', '使用方'),
        t('From', '数据来源'),
        t('What', '内容'),
        t('Why', '用途'),
        t('Outcome', '结果'),
        t('Entries and proof', '条目与证明'),
      ].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${one.usages.map((usage) => usageRow(page, usage))}</tbody>
</table></div>`
}
</section>`;
};

const stateClass = { anchored: 'ok', waiting: 'wait', false: 'bad' } as const;

/** Who served or refused it; for what never left the consumer, whose the dataset is. */
const source = (page: Page, { provider, dataset }: SubjectUsage): Html => {
  const owner = page.view.datasets().find(({ id }) => id === dataset)?.owner;
  return provider !== undefined || owner === undefined
    ? memberName(page, provider)
    : html`${memberName(page, owner)}<span class="id">${page.t('not asked', '未发出')}</span>`;
};

const usageRow = (page: Page, usage: SubjectUsage): Html => {
  const { lang, t, view } = page;
  const title = usage.dataset === undefined ? undefined : view.datasets().find(({ id }) => id === usage.dataset)?.title;
  const what =
    usage.dataset === undefined
      ? html`–`
      : html`${title ?? usage.dataset}<span class="id">${usage.dataset}</span>${usage.fields === undefined ? '' : html`<code>${usage.fields.join(', ')}</code>`}`;
  const price = priceWord(usage.priceFen);
  const [date = '', time = ''] = chinaTime(usage.time).split(' ');
  return html`<tr>
<td class="when">${date} ${time}</td>
<td class="keep">${memberName(page, usage.consumer)}</td>
<td class="keep">${source(page, usage)}</td>
<td>${what}</td>
<td class="keep">${usage.purpose === undefined ? '–' : purposeWord(usage.purpose, lang)}${usage.operation === undefined ? '' : html`<span class="id">${operationWord(usage.operation, lang)}</span>`}</td>
<td>${outcomeWord(usage, lang)}${usage.outcome === 'ok' && price !== '' ? html`<span class="id">${t('price', '价格')} ${price}</span>` : ''}</td>
<td><ul>${usage.steps.map((step) => stepItem(page, step))}</ul>
<span class="${stateClass[proofOf(usage)]}">${stateWord(proofOf(usage), lang)}</span>${usage.usage === undefined ? '' : html`<span class="id" title="${usage.usage}">${shortHex(usage.usage)}</span>`}</td>
</tr>`;
};

const stepItem = ({ lang, t }: Page, step: UsageStep): Html =>
  html`<li>${step.member}: ${stepWord(step.step, lang)}, ${t(`entry ${step.index}`, `第 ${step.index} 号`)}${
    step.erased && step.step !== 'erased' ? t(', contents erased', '，内容已擦除') : ''
  }</li>`;

const limits = ({ lang, t }: Page): Html => html`<section>
<h2>${t('What this report rests on, and what it does not cover', '本报告的依据与未涵盖的内容')}</h2>
<p>${t(
  'Each entry was found by a tag that only you and the institution can make, was held against the root of its log that this command read from the chain itself, and shows nothing that it did not commit to when it was written. Each institution signed where its log ends for you; what was signed is kept, and a later report is held against it.',
  '每一条目均以仅您与该机构可计算的标签查得，并与本命令自行从链上读取的日志根核对；所示内容均为记入当时已承诺的内容。各机构就其日志中您条目的末尾签名声明，声明留存，供日后报告比对。',
)}</p>
<ul>${notCovered.map((text) => html`<li>${text[lang]}</li>`)}</ul>
</section>`;
