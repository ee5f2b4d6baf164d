import { addMonths } from '../../../gateway/domain/calendar.ts';
import { institutions } from '../institutions.ts';
import { addDays, lastOf } from '../months.ts';
import { amount, has, passedOn, type RowMaker, someDay, times } from './context.ts';

const registration: RowMaker = ({ subject, random }) =>
  subject.isPerson
    ? []
    : [
        {
          sourceOrgUscc: institutions.market,
          uscc: subject.code,
          name: subject.name,
          regCapitalFen: Math.round(1 + subject.size * 500) * 10_000_000,
          establishedOn: subject.establishedOn,
          status: subject.health > 0.1 ? 'active' : random.pick(['abnormal', 'revoked']),
          industry: subject.industry,
          authority: '示例市场监督管理局',
        },
      ];

const violations = [
  ['产品质量', '产品标识不符合规定', '产品质量法'],
  ['安全生产', '未按规定进行安全培训', '安全生产法'],
  ['环境保护', '未按排污许可证要求排放', '环境保护法'],
  ['广告', '广告用语不符合规定', '广告法'],
] as const;
// Longest publicity by severity, in months (信用修复管理办法, effective 2026-04-01).
const publicityMonths = { minor: 3, general: 12, serious: 36 } as const;

const penalty: RowMaker = (context) => {
  const { subject, random } = context;
  const count = has(context, 0.6 * (1 - subject.health) + 0.04) ? random.int(1, 3) : 0;
  return times(count, (turn) => {
    const decidedOn = someDay(context);
    const [violationType, facts, basis] = random.pick(violations);
    const severity = random.pick(['minor', 'minor', 'general', 'general', 'serious'] as const);
    const category = { minor: 'warning', general: 'fine', serious: 'licence-revoked' }[severity];
    const doneOn = addDays(decidedOn, random.int(0, 28));
    const done = random.chance(0.7) && doneOn < context.today;
    return {
      sourceOrgUscc: institutions.market,
      asOf: passedOn(context, decidedOn),
      docNo: `示市监罚〔${decidedOn.slice(0, 4)}〕${subject.index}-${turn + 1}号`,
      violationType,
      facts,
      basis,
      category,
      fineFen: severity === 'minor' ? 0 : amount(context, severity === 'general' ? 20_000_000 : 200_000_000),
      confiscateFen: 0,
      licenceRevoked: category === 'licence-revoked',
      decidedOn,
      endedOn: done ? doneOn : undefined,
      publicityFrom: addDays(decidedOn, 7),
      publicityUntil: addMonths(decidedOn, publicityMonths[severity]),
      severity,
      authorityUscc: institutions.market,
      repairState: 'none',
      disputed: false,
    };
  });
};

const permit: RowMaker = (context) => {
  const { subject, random } = context;
  if (subject.type === 'farmer') return [];
  return times(has(context, 0.6) ? random.int(1, 2) : 0, (turn) => {
    const decidedOn = someDay(context);
    return {
      sourceOrgUscc: institutions.market,
      asOf: passedOn(context, decidedOn),
      docNo: `示许准〔${decidedOn.slice(0, 4)}〕${subject.index}-${turn + 1}号`,
      category: random.pick(['ordinary', 'recognition', 'verification']),
      certName: subject.isPerson ? '职业资格证书' : '经营许可证',
      certNo: `XK${subject.index}${turn}`,
      content: subject.isPerson ? '准予执业' : '准予经营',
      decidedOn,
      validFrom: decidedOn,
      validTo: addMonths(decidedOn, 60),
      authorityUscc: institutions.market,
      state: 'valid',
    };
  });
};

const tax: RowMaker = (context) => {
  const { subject, random, months, today } = context;
  if (subject.isPerson) return [];
  const first = Number(months[0]!.slice(0, 4));
  return times(Number(today.slice(0, 4)) - first, (turn) => {
    const grade = subject.health > 0.8 ? 'A' : subject.health > 0.5 ? 'B' : subject.health > 0.2 ? 'C' : 'D';
    const sales = amount(context, 8_000_000_000);
    return {
      sourceOrgUscc: institutions.tax,
      asOf: `${first + turn + 1}-04-30`,
      year: first + turn,
      taxGrade: random.chance(0.1) ? 'M' : grade,
      taxPaidFen: Math.round(sales * 0.04),
      declaredSalesFen: sales,
      overdueTimes: subject.health > 0.7 ? 0 : random.int(0, 4),
      zeroDeclarationMonths: subject.health > 0.3 ? 0 : random.int(0, 6),
      arrearsFen: subject.health > 0.3 ? 0 : amount(context, 50_000_000),
      yoyBp: random.int(-1500, 2500),
    };
  });
};

const socialInsurance: RowMaker = (context) => {
  const { subject, random, months } = context;
  if (subject.isPerson || !has(context, 0.5)) return [];
  const heads = 1 + Math.round(subject.size * 300);
  return months.map((month) => {
    const insured = Math.max(1, heads + random.int(-2, 2));
    const payableFen = insured * 150_000;
    const behind = subject.health < 0.25 && random.chance(0.3);
    return {
      sourceOrgUscc: institutions.insurance,
      asOf: lastOf(month),
      month,
      insuredHeadcount: insured,
      baseFen: insured * 520_000,
      payableFen,
      paidFen: behind ? 0 : payableFen,
      arrearsMonths: behind ? random.int(1, 4) : 0,
      fundAccounts: insured,
    };
  });
};

export const government: Readonly<Record<string, RowMaker>> = {
  'gov-credit.registration': registration,
  'gov-credit.penalty': penalty,
  'gov-credit.permit': permit,
  'gov-credit.tax': tax,
  'gov-credit.social-insurance': socialInsurance,
};
