import { addMonths } from '../../../gateway/domain/calendar.ts';
import { institutions } from '../institutions.ts';
import { addDays, lastOf } from '../months.ts';
import { amount, has, type RowMaker, someDay, times } from './context.ts';

const judicial: RowMaker = (context) => {
  const { subject, random } = context;
  return times(has(context, 0.35 * (1 - subject.health) + 0.03) ? random.int(1, 2) : 0, (turn) => {
    const filedOn = someDay(context);
    const role = random.pick(['plaintiff', 'defendant', 'enforced']);
    const closedOn = addDays(filedOn, random.int(30, 200));
    const closed = random.chance(0.6) && closedOn < context.today;
    return {
      sourceOrgUscc: institutions.court,
      caseNo: `（${filedOn.slice(0, 4)}）示9900民初${subject.index}-${turn + 1}号`,
      role,
      cause: random.pick(['买卖合同纠纷', '借款合同纠纷', '劳动争议']),
      amountFen: amount(context, 300_000_000),
      filedOn,
      closedOn: closed ? closedOn : undefined,
      executed: role === 'enforced' && closed,
      dishonestExecutee: role === 'enforced' && !closed && subject.health < 0.3,
      court: '示例人民法院',
    };
  });
};

const customs: RowMaker = (context) => {
  const { subject, random, months } = context;
  if (subject.type !== 'enterprise' || subject.size < 0.5 || !has(context, 0.15)) return [];
  return months.map((month) => {
    const declarations = random.int(1, 40);
    return {
      sourceOrgUscc: institutions.customs,
      asOf: lastOf(month),
      month,
      aeoLevel: subject.health > 0.85 ? 'advanced' : subject.health > 0.1 ? 'ordinary' : 'dishonest',
      importFen: amount(context, 400_000_000),
      exportFen: amount(context, 900_000_000),
      declarations,
      rejects: random.chance(0.1) ? 1 : 0,
      penaltyCount: 0,
    };
  });
};

const commitment: RowMaker = (context) => {
  const { subject, random, today } = context;
  return times(has(context, 0.25) ? 1 : 0, () => {
    const madeOn = someDay(context);
    const checkedOn = addDays(madeOn, random.int(60, 180));
    const checked = checkedOn < today;
    return {
      commitmentNo: `CN${subject.index}`,
      type: random.pick(['notice', 'self-discipline']),
      item: '依法诚信经营',
      madeOn,
      validTo: addMonths(madeOn, 36),
      fulfilState: checked ? (subject.health > 0.15 ? 'fulfilled' : 'broken') : 'open',
      checkedBy: checked ? '示例市场监督管理局' : undefined,
      checkedOn: checked ? checkedOn : undefined,
    };
  });
};

const list: RowMaker = (context) => {
  const { subject, random } = context;
  const honoured = subject.health > 0.97 && has(context, 0.2);
  const listed = subject.health < 0.2 && has(context, 0.5);
  return times(honoured || listed ? 1 : 0, () => {
    const listedOn = someDay(context);
    const exitOn = addDays(listedOn, random.int(30, 120));
    const exited = listed && random.chance(0.3) && exitOn < context.today;
    return {
      sourceOrgUscc: institutions.market,
      listType: honoured ? 'honour' : random.pick(['abnormal-operation', 'serious-dishonest', 'unpaid-wages']),
      reason: honoured ? '诚信示范' : '未按期公示年度报告',
      listedOn,
      docNo: `示列字${subject.index}号`,
      authorityUscc: institutions.market,
      exitOn: exited ? exitOn : undefined,
      exitReason: exited ? '已改正' : undefined,
    };
  });
};

export const justiceAndLists: Readonly<Record<string, RowMaker>> = {
  'gov-credit.judicial': judicial,
  'gov-credit.customs': customs,
  'gov-credit.commitment': commitment,
  'gov-credit.list': list,
};
