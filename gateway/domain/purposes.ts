import { type CalendarDate, startOfDay } from './calendar.ts';

/** `until` is the first date on which the purpose no longer holds. */
export type Purpose = {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly from: CalendarDate;
  readonly until: CalendarDate | undefined;
};

const listed = (code: string, zh: string, en: string, from: CalendarDate = '2022-01-01', until?: CalendarDate): Purpose => ({
  code,
  zh,
  en,
  from,
  until,
});

/** The list of purposes (rule 14: an empty or unlisted purpose is refused). A change is a new row with its date; rows are never edited. */
export const purposes: readonly Purpose[] = [
  listed('loan-approval', '贷前审批', 'deciding on a loan'),
  listed('loan-monitoring', '贷后管理', 'watching a running loan'),
  listed('guarantee-review', '担保审查', 'reviewing a guarantee'),
  listed('insurance-underwriting', '保险承保', 'underwriting an insurance'),
  listed('supplier-admission', '供应商准入', 'admitting a supplier'),
  listed('bid-qualification', '招投标资格审查', 'qualifying a bidder'),
  listed('regulatory-duty', '监管履职', 'a statutory duty of supervision'),
  listed('self-inquiry', '主体自查', "the subject's own inquiry"),
];

/** The purpose with this code at a moment (seconds of block time). */
export const purposeInForce = (code: string, atSeconds: number, table: readonly Purpose[] = purposes): Purpose | undefined =>
  table.find(
    (purpose) =>
      purpose.code === code &&
      startOfDay(purpose.from) <= atSeconds &&
      (purpose.until === undefined || atSeconds < startOfDay(purpose.until)),
  );
