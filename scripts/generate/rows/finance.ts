import { addMonths } from '../../../gateway/domain/calendar.ts';
import { addDays, lastOf } from '../months.ts';
import { amount, has, lateness, type RowMaker, someDay, times } from './context.ts';

const classify = (overdueDays: number): string =>
  overdueDays === 0 ? 'normal' : overdueDays <= 30 ? 'special-mention' : overdueDays <= 90 ? 'substandard' : 'doubtful';

const loan: RowMaker = (context) => {
  const { subject, random, today } = context;
  return times(has(context, 0.55) ? random.int(1, 2) : 0, (turn) => {
    const startOn = someDay(context);
    const dueOn = addMonths(startOn, random.pick([12, 24, 36]));
    const limitFen = Math.round(amount(context, subject.isPerson ? 30_000_000 : 1_000_000_000) / 10_000) * 10_000;
    const overdueDays = lateness(context);
    const settledOn = addDays(dueOn, overdueDays);
    const repaid = settledOn < today;
    return {
      asOf: lastOf(context.months.at(-1)!),
      contractNo: `LN-${subject.index}-${turn + 1}`,
      product: subject.type === 'farmer' ? 'rural' : subject.size < 0.2 ? 'micro' : random.pick(['working-capital', 'fixed-asset']),
      limitFen,
      balanceFen: repaid ? 0 : Math.round(limitFen * random.next()),
      rateBp: random.int(320, 680),
      startOn,
      dueOn,
      overdueDays,
      overdueEndedOn: overdueDays > 0 && settledOn < today ? settledOn : undefined,
      classification: classify(overdueDays),
      guaranteeType: random.pick(['credit', 'guarantee', 'mortgage', 'pledge']),
    };
  });
};

const cashflow: RowMaker = (context) => {
  const { subject, random, months } = context;
  if (!has(context, 0.35)) return [];
  return months.map((month) => {
    const inflowFen = amount(context, 900_000_000);
    return {
      asOf: lastOf(month),
      month,
      inflowFen,
      outflowFen: Math.round(inflowFen * (0.8 + 0.35 * random.next())),
      counterparties: random.int(2, 60),
      top5ShareBp: random.int(2500, 9500),
      avgBalanceFen: Math.round(inflowFen * 0.2),
      bouncedCount: subject.health < 0.2 && random.chance(0.2) ? 1 : 0,
      accountType: 'basic',
    };
  });
};

const guarantee: RowMaker = (context) => {
  const { subject, random } = context;
  return times(has(context, 0.2) ? 1 : 0, () => {
    const validFrom = someDay(context);
    const insuredFen = amount(context, 200_000_000);
    const claims = random.chance(0.08) ? 1 : 0;
    return {
      policyNo: `GP-${subject.index}`,
      kind: subject.type === 'farmer' ? 'agricultural' : random.pick(['performance', 'bid', 'credit-insurance']),
      insuredFen,
      validFrom,
      validTo: addMonths(validFrom, 12),
      claims,
      claimFen: claims * Math.round(insuredFen * 0.3),
    };
  });
};

const bill: RowMaker = (context) => {
  const { subject, random } = context;
  if (subject.type !== 'enterprise') return [];
  return times(has(context, 0.3) ? random.int(1, 8) : 0, (turn) => {
    const issuedOn = someDay(context);
    return {
      billNo: `BL-${subject.index}-${turn + 1}`,
      role: random.pick(['drawer', 'acceptor', 'payee']),
      amountFen: amount(context, 80_000_000),
      issuedOn,
      dueOn: addMonths(issuedOn, 6),
      accepted: true,
      dishonoured: subject.health < 0.2 && random.chance(0.2),
    };
  });
};

export const finance: Readonly<Record<string, RowMaker>> = {
  'fin-weihe.loan': loan,
  'fin-weihe.cashflow': cashflow,
  'fin-weihe.guarantee': guarantee,
  'fin-weihe.bill': bill,
};
