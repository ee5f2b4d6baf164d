import type { Random } from './random.ts';

const places = [
  '星渭',
  '青禾',
  '云岭',
  '朔原',
  '兰溪谷',
  '远川',
  '白鹿塬',
  '金穗',
  '长沣',
  '瑞麟',
  '曙江',
  '启辰',
  '涵泽',
  '沐阳',
  '砺石',
  '承衡',
];
const brands = [
  '恒启',
  '德润',
  '博远',
  '鼎新',
  '嘉禾',
  '卓然',
  '瀚宇',
  '明川',
  '泰和',
  '众擎',
  '智联',
  '永沣',
  '凯程',
  '诚业',
  '安捷',
  '宏图',
];
const surnames = ['欧阳', '上官', '司徒', '诸葛', '慕容', '端木', '夏侯', '尉迟', '闻人', '皇甫', '南宫', '令狐'];
const given = [
  '知远',
  '若溪',
  '景行',
  '怀瑾',
  '思齐',
  '牧之',
  '清越',
  '以宁',
  '子衿',
  '望舒',
  '元朗',
  '疏桐',
  '云舟',
  '柏舟',
  '采薇',
  '明烛',
];

/** Trade in words and its GB/T 4754 division. */
export const trades = [
  ['精密机械', 'C34'],
  ['电子材料', 'C39'],
  ['汽车零部件', 'C36'],
  ['食品', 'C14'],
  ['建筑工程', 'E47'],
  ['仓储物流', 'G59'],
  ['软件', 'I65'],
  ['商贸', 'F51'],
  ['农业科技', 'A05'],
  ['餐饮', 'H62'],
] as const;

const endings: Readonly<Record<string, string>> = {
  enterprise: '有限公司',
  'sole-proprietor': '经营部',
  cooperative: '农民专业合作社',
  'social-organization': '行业协会',
  'private-non-enterprise': '服务中心',
};

export const personName = (random: Random): string => `${random.pick(surnames)}${random.pick(given)}`;

/** `number` keeps two made-up firms from sharing a name. */
export const firmName = (random: Random, type: string, trade: string, number: number): string =>
  `${random.pick(places)}${random.pick(brands)}${trade}${String(number).padStart(4, '0')}号${endings[type] ?? ''}`;
