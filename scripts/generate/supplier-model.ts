import type { Feature } from '../../gateway/domain/feature.ts';
import type { ModelDocument, ModelPartDocument, PartFeatureBins } from '../../gateway/domain/model-document.ts';
import { electricityFeatures, loanFeatures, orderFeatures, penaltyFeatures } from './datasets/features.ts';

type Bin = readonly [below: number | undefined, points: number, reason?: string];

const numeric = (name: string, bins: readonly Bin[], missing = 0): PartFeatureBins => ({
  name,
  kind: 'numeric',
  missing: { points: missing },
  bins: bins.map(([below, points, reason]) => ({
    ...(below === undefined ? {} : { below }),
    points,
    ...(reason === undefined ? {} : { reason }),
  })),
});

const reasons = [
  ['PENALTY', '存在行政处罚', 'Has administrative penalties'],
  ['SERIOUS', '存在严重失信处罚', 'Has penalties for serious misconduct'],
  ['UNENDED', '行政处罚未履行完毕', 'Has penalties not done'],
  ['USE', '授信使用率偏高', 'Uses much of its credit limits'],
  ['OVERDUE', '贷款曾逾期', 'Has paid loans late'],
  ['CLASS', '最近一笔贷款分类不良', 'The latest loan is classified below normal'],
  ['IDLE', '存在零用电月份', 'Has months without electricity'],
  ['BILL', '电费曾逾期', 'Has paid electricity late'],
  ['LATE', '订单交付不及时', 'Has delivered orders late'],
  ['DISPUTE', '订单存在争议', 'Has disputed orders'],
].map(([code, zh, en]) => ({ code: code!, zh: zh!, en: en! }));

const parts: readonly { readonly dataset: string; readonly declared: readonly Feature[]; readonly features: PartFeatureBins[] }[] = [
  {
    dataset: 'gov-credit.penalty',
    declared: penaltyFeatures,
    features: [
      numeric('penalties', [
        [1, 9],
        [2, 1, 'PENALTY'],
        [4, -8, 'PENALTY'],
        [undefined, -21, 'PENALTY'],
      ]),
      numeric('seriousPenalties', [
        [1, 4],
        [undefined, -26, 'SERIOUS'],
      ]),
      numeric('unendedPenalties', [
        [1, 3],
        [2, 0, 'UNENDED'],
        [4, -10, 'UNENDED'],
        [undefined, -12, 'UNENDED'],
      ]),
    ],
  },
  {
    dataset: 'fin-weihe.loan',
    declared: loanFeatures,
    features: [
      numeric('utilisation', [
        [300, 12],
        [500, 10],
        [700, 4],
        [900, -3, 'USE'],
        [1000, -13, 'USE'],
        [undefined, -16, 'USE'],
      ]),
      numeric('worstOverdueDays', [
        [1, 14],
        [30, -5, 'OVERDUE'],
        [90, -19, 'OVERDUE'],
        [undefined, -34, 'OVERDUE'],
      ]),
      {
        name: 'classification',
        kind: 'category',
        bins: [
          { words: ['normal'], points: 8 },
          { words: ['special-mention'], points: -9, reason: 'CLASS' },
          { words: ['substandard', 'doubtful', 'loss'], points: -30, reason: 'CLASS' },
          { words: [null], points: 0 },
        ],
      },
    ],
  },
  {
    dataset: 'grid-qinchuan.electricity',
    declared: electricityFeatures,
    features: [
      numeric('zeroMonths', [
        [1, 7],
        [3, -4, 'IDLE'],
        [undefined, -17, 'IDLE'],
      ]),
      numeric('overdueMonths', [
        [1, 8],
        [3, -6, 'BILL'],
        [undefined, -18, 'BILL'],
      ]),
      numeric('kWh', [
        [5_000, -4],
        [20_000, -2],
        [100_000, 3],
        [undefined, 5],
      ]),
    ],
  },
  {
    dataset: 'chain-hub.order',
    declared: orderFeatures,
    features: [
      numeric('onTime', [
        [800, -19, 'LATE'],
        [950, -1, 'LATE'],
        [undefined, 11],
      ]),
      numeric('disputed', [
        [1, 5],
        [50, -6, 'DISPUTE'],
        [undefined, -15, 'DISPUTE'],
      ]),
      numeric('orders', [
        [3, -5],
        [10, -3],
        [50, 4],
        [undefined, 6],
      ]),
    ],
  },
];

/** A made-up scorecard of a supplier over one dataset of each sector. The parts' ranges overlap and their steps are small, so that few totals pin anyone's points down. */
export const supplierModel = (
  notBefore: number,
  notAfter: number,
): { readonly document: ModelDocument; readonly parts: readonly Pick<ModelPartDocument, 'features'>[] } => ({
  document: {
    v: 1,
    id: 'sme-supplier',
    title: 'Small and medium suppliers',
    titleZh: '中小微供应商',
    base: 600,
    output: {
      kind: 'band',
      bands: [
        { name: 'D', from: null },
        { name: 'C', from: 540 },
        { name: 'B', from: 600 },
        { name: 'A', from: 660 },
      ],
    },
    reasonsToConsumer: false,
    minContributors: 3,
    notBefore,
    notAfter,
    reasons,
    parts: parts.map(({ dataset, declared }) => ({ dataset, features: [...declared] })),
  },
  parts: parts.map(({ features }) => ({ features })),
});
