import type { Feature, FeatureDerivation } from '../../../gateway/domain/feature.ts';

/** Far above what any subject of the sample reaches: beyond it, a feature counts as this much. */
const mostFen = 100_000_000_000;

const numeric = (name: string, zh: string, en: string, most: number, derivation: FeatureDerivation, unit?: string): Feature => ({
  name,
  zh,
  en,
  kind: 'numeric',
  least: 0,
  most,
  derivation,
  ...(unit === undefined ? {} : { unit }),
});

export const penaltyFeatures: readonly Feature[] = [
  numeric('penalties', '行政处罚次数', 'Penalties', 1000, { fn: 'count/1' }),
  numeric('seriousPenalties', '严重失信处罚次数', 'Serious penalties', 1000, {
    fn: 'count/1',
    where: [{ field: 'severity', equals: ['serious'] }],
  }),
  numeric('finesFen', '罚款合计', 'Fines in all', mostFen, { fn: 'sum/1', field: 'fineFen' }, '分'),
  numeric('unendedPenalties', '未履行完毕处罚次数', 'Penalties not done', 1000, {
    fn: 'count/1',
    where: [{ field: 'endedOn', equals: [null] }],
  }),
];

export const loanFeatures: readonly Feature[] = [
  numeric('loans', '贷款笔数', 'Loans', 1000, { fn: 'count/1' }),
  numeric('balanceFen', '贷款余额合计', 'Balance in all', mostFen, { fn: 'sum/1', field: 'balanceFen' }, '分'),
  numeric('utilisation', '授信使用率', 'Use of limits', 10_000, { fn: 'ratio/1', field: 'balanceFen', over: 'limitFen' }, '0.1%'),
  numeric('worstOverdueDays', '最长逾期天数', 'Longest overdue', 100_000, { fn: 'max/1', field: 'overdueDays' }, 'day'),
  {
    name: 'classification',
    zh: '最近一笔五级分类',
    en: 'Classification of the latest loan',
    kind: 'category',
    words: ['normal', 'special-mention', 'substandard', 'doubtful', 'loss'],
    derivation: { fn: 'latest/1', field: 'classification', by: 'startOn' },
  },
];

export const electricityFeatures: readonly Feature[] = [
  numeric('months', '用电月数', 'Months on record', 1000, { fn: 'count/1' }),
  numeric('zeroMonths', '零用电月数', 'Months without use', 1000, { fn: 'count/1', where: [{ field: 'kWh', equals: [0] }] }),
  numeric('kWh', '用电量合计', 'Energy used in all', mostFen, { fn: 'sum/1', field: 'kWh' }, 'kWh'),
  numeric('overdueMonths', '逾期缴费月数', 'Months paid late', 1000, {
    fn: 'count/1',
    where: [{ field: 'overdueDays', is: 'above', than: { value: 0 } }],
  }),
  numeric('worstOverdueDays', '最长逾期天数', 'Longest overdue', 100_000, { fn: 'max/1', field: 'overdueDays' }, 'day'),
];

export const orderFeatures: readonly Feature[] = [
  numeric('orders', '订单数', 'Orders', 100_000, { fn: 'count/1' }),
  numeric(
    'onTime',
    '按期交付率',
    'Delivered on time',
    1000,
    {
      fn: 'share/1',
      where: [{ field: 'deliveredOn', is: 'atMost', than: { field: 'dueOn' } }],
      of: [{ field: 'state', equals: ['delivered'] }],
    },
    '0.1%',
  ),
  numeric('disputed', '争议率', 'Disputed', 1000, { fn: 'share/1', where: [{ field: 'disputed', equals: [true] }] }, '0.1%'),
  numeric('amountFen', '订单金额合计', 'Amount in all', mostFen, { fn: 'sum/1', field: 'amountFen' }, '分'),
];
