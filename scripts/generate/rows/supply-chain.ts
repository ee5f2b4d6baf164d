import { coreBuyers, institutions } from '../institutions.ts';
import { addDays } from '../months.ts';
import { amount, has, lateness, type RowContext, type RowMaker, someDay, times } from './context.ts';

const goods = ['parts', 'materials', 'packaging', 'food', 'equipment', 'services'];

const supplies = (context: RowContext, share: number): boolean =>
  !context.subject.isPerson && ['enterprise', 'cooperative', 'sole-proprietor'].includes(context.subject.type) && has(context, share);

/** A day some time after another, or nothing when it has not come yet. */
const happened = (day: string, today: string): string | undefined => (day < today ? day : undefined);

const order: RowMaker = (context) => {
  const { subject, random, today } = context;
  return times(supplies(context, 0.7) ? random.int(4, 16) : 0, (turn) => {
    const orderedOn = someDay(context);
    const dueOn = addDays(orderedOn, random.int(15, 60));
    const deliveredOn = happened(addDays(dueOn, lateness(context) - random.int(0, 8)), today);
    return {
      orderNo: `PO-${subject.index}-${turn + 1}`,
      buyerUscc: random.pick(coreBuyers),
      sellerUscc: subject.code,
      goodsClass: random.pick(goods),
      amountFen: amount(context, 150_000_000),
      orderedOn,
      dueOn,
      deliveredOn,
      state: deliveredOn === undefined ? 'open' : 'delivered',
      disputed: subject.health < 0.3 && random.chance(0.1),
    };
  });
};

const invoice: RowMaker = (context) => {
  const { subject, random } = context;
  return times(supplies(context, 0.6) ? random.int(6, 20) : 0, (turn) => {
    const amountFen = amount(context, 60_000_000);
    return {
      invoiceNo: `${String(99_000_000 + subject.index)}${String(turn).padStart(4, '0')}`,
      code: '619900120',
      buyerUscc: random.pick(coreBuyers),
      sellerUscc: subject.code,
      amountFen,
      taxFen: Math.round(amountFen * 0.13),
      issuedOn: someDay(context),
      status: random.chance(0.03) ? random.pick(['reversed', 'void']) : 'normal',
      goodsClass: random.pick(goods),
    };
  });
};

const logistics: RowMaker = (context) => {
  const { subject, random, today } = context;
  return times(supplies(context, 0.4) ? random.int(3, 12) : 0, (turn) => {
    const pickedOn = someDay(context);
    return {
      waybillNo: `WB-${subject.index}-${turn + 1}`,
      carrierUscc: institutions.carrier,
      fromArea: '示例区',
      toArea: random.pick(['甲市', '乙市', '丙市']),
      weightKg: amount(context, 20_000),
      pickedOn,
      signedOn: happened(addDays(pickedOn, random.int(1, 6)), today),
      damaged: random.chance(0.02),
    };
  });
};

const payable: RowMaker = (context) => {
  const { subject, random, today } = context;
  return times(supplies(context, 0.4) ? random.int(2, 10) : 0, (turn) => {
    const confirmedOn = someDay(context);
    const dueOn = addDays(confirmedOn, random.pick([30, 60, 90]));
    const late = random.chance(0.1) ? random.int(1, 45) : 0;
    const paidOn = happened(addDays(dueOn, late), today);
    return {
      payableNo: `AP-${subject.index}-${turn + 1}`,
      buyerUscc: random.pick(coreBuyers),
      supplierUscc: subject.code,
      amountFen: amount(context, 120_000_000),
      confirmedOn,
      dueOn,
      paidOn,
      overdueDays: paidOn === undefined ? 0 : late,
      financed: random.chance(0.2),
    };
  });
};

const warehouse: RowMaker = (context) => {
  const { subject, random } = context;
  return times(supplies(context, 0.15) ? random.int(1, 3) : 0, (turn) => ({
    receiptNo: `WR-${subject.index}-${turn + 1}`,
    keeperUscc: institutions.keeper,
    ownerUscc: subject.code,
    goodsClass: random.pick(goods),
    qty: random.int(10, 5_000),
    valueFen: amount(context, 90_000_000),
    issuedOn: someDay(context),
    pledged: random.chance(0.3),
  }));
};

export const supplyChain: Readonly<Record<string, RowMaker>> = {
  'chain-hub.order': order,
  'chain-hub.invoice': invoice,
  'chain-hub.logistics': logistics,
  'chain-hub.payable': payable,
  'chain-hub.warehouse': warehouse,
};
