import { catalogue, type ErrorCode } from '../../domain/errors.ts';
import { purposes } from '../../domain/purposes.ts';
import { showFen } from '../table.ts';
import type { SubjectUsage, UsageStep } from './usages.ts';

type Lang = 'en' | 'zh';
type Words = Readonly<Record<string, readonly [string, string]>>;

const steps: Words = {
  requested: ['asked', '发起'],
  served: ['answered', '提供'],
  refused: ['refused', '拒绝'],
  received: ['received', '收到'],
  erased: ['erased', '擦除'],
};
const states: Words = {
  anchored: ['proved against the chain', '已据链上锚定核验'],
  waiting: ['not anchored yet', '尚未锚定'],
  false: ['does not hold', '不成立'],
};
const operations: Words = {
  raw: ['fields delivered', '提供字段'],
  score: ['joint score', '联合评分'],
  verify: ['yes or no', '核验'],
  sandbox: ['sandbox', '沙箱'],
};
const consentStates: Words = {
  given: ['in force', '有效'],
  withdrawn: ['withdrawn', '已撤回'],
  renewed: ['replaced by another', '已续期取代'],
  expired: ['expired', '已到期'],
  unknown: ['not on chain', '未上链'],
};

const word =
  (words: Words) =>
  (code: string, lang: Lang): string =>
    words[code]?.[lang === 'zh' ? 1 : 0] ?? code;

export const stepWord = word(steps);
export const stateWord = word(states);
export const operationWord = word(operations);
export const consentStateWord = word(consentStates);

export const purposeWord = (code: string, lang: Lang): string => purposes.find((purpose) => purpose.code === code)?.[lang] ?? code;

/** What came of a usage, in words a person understands. */
export const outcomeWord = ({ kind, outcome, period }: SubjectUsage, lang: Lang): string => {
  const t = (en: string, zh: string): string => (lang === 'zh' ? zh : en);
  if (kind === 'erased') return t('erased after its time', '已到期擦除');
  if (kind === 'erasure')
    return period === '-' || period === undefined
      ? t('contents of this consent erased', '擦除本授权相关内容')
      : t(`contents of ${period} erased`, `擦除 ${period} 的内容`);
  if (outcome === 'ok') return t('data was delivered', '已提供数据');
  if (outcome === 'open') return t('asked, no answer shown', '已发起，未见答复');
  const known = Object.hasOwn(catalogue, outcome) ? catalogue[outcome as ErrorCode][lang] : outcome;
  return `${t('refused', '已拒绝')}: ${known}`;
};

/** The least that is proved of any of its entries. */
export const proofOf = ({ steps: all }: SubjectUsage): UsageStep['state'] =>
  all.some(({ state }) => state === 'false') ? 'false' : all.some(({ state }) => state === 'waiting') ? 'waiting' : 'anchored';

export const priceWord = (fen: string | undefined): string => (fen === undefined ? '' : showFen(fen));

/** Time in China, to the second; these reports are read there. */
export const chinaTime = (milliseconds: number): string =>
  new Date(milliseconds + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
