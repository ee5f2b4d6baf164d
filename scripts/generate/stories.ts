import { addDays, addMonths, type CalendarDate } from '../../gateway/domain/calendar.ts';
import type { Row } from './csv.ts';
import { coreBuyers, institutions } from './institutions.ts';
import type { SampleSubject, SampleType } from './subjects.ts';

/** Changes what chance gave a story's subject in one dataset. */
type Rewrite = (made: readonly Row[], subject: SampleSubject, today: CalendarDate) => readonly Row[];

/** A subject whose course of events is made for demonstrations and tests; all dates are relative to the reference date. */
export type Story = {
  readonly id: string;
  readonly type: SampleType;
  readonly zh: string;
  readonly en: string;
  readonly rewrites: Readonly<Record<string, Rewrite>>;
};

const penalty = (subject: SampleSubject, number: number, decidedOn: CalendarDate, more: Row = {}): Row => ({
  sourceOrgUscc: institutions.market,
  asOf: addDays(decidedOn, 3),
  docNo: `示市监罚〔${decidedOn.slice(0, 4)}〕S${subject.index}-${number}号`,
  violationType: '产品质量',
  facts: '产品标识不符合规定',
  basis: '产品质量法',
  category: 'fine',
  fineFen: 500_000,
  confiscateFen: 0,
  licenceRevoked: false,
  decidedOn,
  endedOn: addDays(decidedOn, 10),
  publicityFrom: addDays(decidedOn, 3),
  publicityUntil: addMonths(decidedOn, 12),
  severity: 'general',
  authorityUscc: institutions.market,
  repairState: 'none',
  disputed: false,
  ...more,
});

const loan = (subject: SampleSubject, number: number, today: CalendarDate, more: Row = {}): Row => ({
  contractNo: `LN-S${subject.index}-${number}`,
  product: 'working-capital',
  limitFen: 300_000_000,
  balanceFen: 180_000_000,
  rateBp: 385,
  startOn: addMonths(today, -10),
  dueOn: addMonths(today, 14),
  overdueDays: 0,
  classification: 'normal',
  guaranteeType: 'credit',
  ...more,
});

/** Repaid long ago, after days of arrears that ended on `endedOn`. */
const oldArrears = (subject: SampleSubject, number: number, today: CalendarDate, endedOn: CalendarDate): Row =>
  loan(subject, number, today, {
    product: 'micro',
    limitFen: 20_000_000,
    balanceFen: 0,
    startOn: addMonths(endedOn, -14),
    dueOn: addDays(endedOn, -62),
    overdueDays: 62,
    overdueEndedOn: endedOn,
    classification: 'substandard',
  });

const orders: Rewrite = (_, subject, today) =>
  Array.from({ length: 12 }, (_unused, month) => {
    const orderedOn = addMonths(today, month - 14);
    return {
      orderNo: `PO-S${subject.index}-${month + 1}`,
      buyerUscc: coreBuyers[month % 3],
      sellerUscc: subject.code,
      goodsClass: 'parts',
      amountFen: 128_000_000 + month * 1_500_000,
      orderedOn,
      dueOn: addDays(orderedOn, 45),
      deliveredOn: addDays(orderedOn, 41),
      state: 'delivered',
      disputed: false,
    };
  });

const oneLoan: Rewrite = (_, subject, today) => [loan(subject, 1, today)];

export const stories: readonly Story[] = [
  {
    id: 'healthy-supplier',
    type: 'enterprise',
    zh: '经营稳健的供应商：一笔已履行的一般处罚，贷款正常，按期缴费，按期交付',
    en: 'A sound supplier: one general penalty, long paid; a loan in order; bills and deliveries on time',
    rewrites: {
      'gov-credit.penalty': (_, subject, today) => [penalty(subject, 1, addMonths(today, -5))],
      'fin-weihe.loan': oneLoan,
      'chain-hub.order': orders,
    },
  },
  {
    id: 'minor-penalty',
    type: 'enterprise',
    zh: '轻微处罚，义务已履行，可即时申请信用修复',
    en: 'A minor penalty with its duty done: repairable at once',
    rewrites: {
      'gov-credit.penalty': (_, subject, today) => [
        penalty(subject, 1, addDays(today, -20), {
          severity: 'minor',
          category: 'criticism',
          fineFen: 0,
          endedOn: addDays(today, -12),
          publicityUntil: addMonths(addDays(today, -20), 3),
        }),
      ],
    },
  },
  {
    id: 'publicity-limit',
    type: 'enterprise',
    zh: '两笔一般处罚：一笔今日到达最长公示期，另一笔明日到达',
    en: 'Two general penalties: one reaches its longest publicity today, the other tomorrow',
    rewrites: {
      'gov-credit.penalty': (_, subject, today) => [
        penalty(subject, 1, addMonths(today, -12)),
        penalty(subject, 2, addDays(addMonths(today, -12), 1)),
      ],
    },
  },
  {
    id: 'five-year-limit',
    type: 'sole-proprietor',
    zh: '个体工商户：一笔个人不良信息终止满五年，另一笔终止四年三百六十四天',
    en: 'A sole proprietor: one personal adverse item ended five years ago, another 4 years and 364 days ago',
    rewrites: {
      'fin-weihe.loan': (_, subject, today) => [
        oldArrears(subject, 1, today, addMonths(today, -60)),
        oldArrears(subject, 2, today, addDays(addMonths(today, -60), 1)),
        loan(subject, 3, today, { product: 'micro', limitFen: 50_000_000, balanceFen: 21_000_000 }),
      ],
    },
  },
  {
    id: 'farming-household',
    type: 'farmer',
    zh: '农户：涉农贷款、农业保险与用电',
    en: 'A farming household: a rural loan, agricultural insurance and electricity',
    rewrites: {
      'fin-weihe.loan': (_, subject, today) => [
        loan(subject, 1, today, { product: 'rural', limitFen: 10_000_000, balanceFen: 6_000_000, rateBp: 345 }),
      ],
      'fin-weihe.guarantee': (_, subject, today) => [
        {
          policyNo: `GP-S${subject.index}`,
          kind: 'agricultural',
          insuredFen: 8_000_000,
          validFrom: addMonths(today, -4),
          validTo: addMonths(today, 8),
          claims: 0,
          claimFen: 0,
        },
      ],
    },
  },
  {
    id: 'withdraws-mid-loan',
    type: 'enterprise',
    zh: '贷款存续期间撤回授权的企业',
    en: 'A firm that withdraws its consent while its loan runs',
    rewrites: { 'fin-weihe.loan': oneLoan, 'chain-hub.order': orders },
  },
  {
    id: 'in-dispute',
    type: 'enterprise',
    zh: '对处罚与订单提出异议的企业',
    en: 'A firm that disputes a penalty and an order',
    rewrites: {
      'gov-credit.penalty': (_, subject, today) => [penalty(subject, 1, addMonths(today, -2), { disputed: true, endedOn: undefined })],
      'chain-hub.order': (made, subject, today) => orders(made, subject, today).map((row, place) => ({ ...row, disputed: place === 11 })),
    },
  },
  {
    id: 'force-majeure',
    type: 'enterprise',
    zh: '因不可抗力逾期的企业：相关记录经来源单位认定，不计入评价',
    en: 'A firm late because of force majeure: its source marked the records, which no score counts',
    rewrites: {
      'fin-weihe.loan': (_, subject, today) => [
        loan(subject, 1, today, {
          overdueDays: 41,
          overdueEndedOn: addDays(today, -60),
          classification: 'special-mention',
          leniency: 'force-majeure',
        }),
      ],
      'grid-qinchuan.electricity': (made) =>
        made.map((row, place) =>
          place >= 18 && place < 21 ? { ...row, overdueDays: 25, paidOn: addDays(String(row.dueOn), 25), leniency: 'force-majeure' } : row,
        ),
    },
  },
];
