import type { ConsentMessage } from '../../domain/consent-typed-data.ts';
import type { DatasetId } from '../../domain/ids.ts';
import { purposes } from '../../domain/purposes.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import { type SubjectRef, subjectTypes } from '../../domain/subject.ts';
import type { Operation } from '../../domain/vocabulary.ts';
import { showTime } from '../table.ts';

const operationText: Record<Operation, { readonly en: string; readonly zh: string }> = {
  raw: { en: 'receive the fields themselves', zh: '获取字段原值' },
  score: { en: 'compute a joint score; no field is seen', zh: '联合评分（不提供字段）' },
  verify: { en: 'get yes or no to a question', zh: '核验是否' },
  sandbox: { en: 'use in the analysis sandbox', zh: '沙箱建模' },
};

/** What the subject is about to sign, in its own language, with everything that the signature covers and nothing else. */
export const consentText = (message: ConsentMessage, subject: SubjectRef, view: RegistryView, lang: 'en' | 'zh'): string => {
  const t = (en: string, zh: string): string => (lang === 'zh' ? zh : en);
  const purpose = purposes.find(({ code }) => code === message.purpose);
  const grantee = view.member(message.grantee);
  const scopes = message.scopes.map(({ dataset, fields }) => {
    const known = view.dataset(dataset as DatasetId);
    const owner = known === undefined ? '?' : `${view.member(known.owner)?.name ?? known.owner} (${known.owner})`;
    return [
      `  ${dataset}  ${known?.title ?? ''}  ${t('from', '来源')} ${owner}, ${t('grade', '级别')} ${known?.grade ?? '?'}`,
      `    ${t('fields', '字段')}: ${fields.join(', ')}`,
    ].join('\n');
  });
  return [
    t('CONSENT TO USE CREDIT DATA', '信用数据使用授权书'),
    '',
    `${t('Subject', '授权主体')}: ${subjectTypes[subject.type][lang]} ${subject.code}`,
    `${t('I authorize', '被授权方')}: ${grantee?.name ?? '?'} (${message.grantee})`,
    `${t('to use', '数据范围')}:`,
    ...scopes,
    `${t('for the purpose', '用途')}: ${purpose?.[lang] ?? '?'} (${message.purpose})`,
    `${t('by', '方式')}: ${message.operations.map((word) => operationText[word][lang]).join('; ')}`,
    `${t('from', '自')} ${showTime(message.notBefore)} ${t('until before', '起，至')} ${showTime(message.notAfter)}${t('', ' 止')}`,
    t(`at most ${message.maxUses} times for each dataset`, `每个数据集最多使用 ${message.maxUses} 次`),
    ...(BigInt(message.renews) === 0n ? [] : [t(`It replaces the consent ${message.renews}.`, `本授权取代 ${message.renews}。`)]),
    '',
    t(
      'You may withdraw it at any time; from then on nothing more is served under it. What was sent before cannot be unsent. On chain stands a salted commitment, never your code.',
      '您可随时撤回；撤回后不再提供任何数据，但此前已提供的无法收回。链上仅存加盐承诺，不含您的代码。',
    ),
  ].join('\n');
};
