import { addDays, firstOfNext, lastOf } from '../months.ts';
import { amount, has, lateness, type RowContext, type RowMaker } from './context.ts';

const useClass = ({ subject }: RowContext): string => {
  if (subject.type === 'farmer') return 'farming';
  if (subject.isPerson) return 'household';
  return subject.type === 'enterprise' ? 'industry' : 'commerce';
};

/** Bills fall due on the 20th of the month after; paid a few days before, or late. */
const settled = (context: RowContext, month: string) => {
  const dueOn = addDays(firstOfNext(month), 19);
  const overdueDays = lateness(context);
  const paidOn = addDays(dueOn, overdueDays === 0 ? -context.random.int(0, 12) : overdueDays);
  return paidOn < context.today
    ? { asOf: lastOf(month), dueOn, paidOn, overdueDays }
    : { asOf: lastOf(month), dueOn, paidOn: undefined, overdueDays: 0 };
};

const electricity: RowMaker = (context) =>
  context.months.map((period) => {
    const kWh = Math.round(amount(context, 120_000) * (1 + 0.2 * Math.cos((Number(period.slice(5)) * Math.PI) / 6)));
    return {
      ...settled(context, period),
      period,
      kWh,
      peakKw: Math.ceil(kWh / 300),
      billFen: kWh * 68,
      meterId: `M${String(context.subject.index).padStart(6, '0')}`,
      industryClass: useClass(context),
    };
  });

const water: RowMaker = (context) =>
  has(context, 0.35)
    ? context.months.map((period) => {
        const m3 = amount(context, 2_000);
        const paid = settled(context, period);
        const arrearsFen = paid.overdueDays > 60 ? m3 * 580 : 0;
        return { ...paid, period, m3, billFen: m3 * 580, arrearsFen, status: arrearsFen > 0 ? 'arrears' : 'normal' };
      })
    : [];

const gas: RowMaker = (context) =>
  has(context, 0.2)
    ? context.months.map((period) => {
        const m3 = amount(context, 9_000);
        return { ...settled(context, period), period, m3, billFen: m3 * 310, suspended: false };
      })
    : [];

const telecom: RowMaker = (context) => {
  if (!has(context, 0.3)) return [];
  const tenure = context.random.int(1, 96);
  const lines = 1 + Math.round(context.subject.size * 30);
  return context.months.map((period, turn) => ({
    ...settled(context, period),
    dueOn: undefined,
    period,
    lines,
    billFen: lines * 9_900,
    broadband: lines > 1,
    tenureMonths: tenure + turn,
  }));
};

export const utilities: Readonly<Record<string, RowMaker>> = {
  'grid-qinchuan.electricity': electricity,
  'grid-qinchuan.water': water,
  'grid-qinchuan.gas': gas,
  'grid-qinchuan.telecom': telecom,
};
