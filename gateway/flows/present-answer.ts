import type { Hex } from '../domain/ids.ts';
import type { LogPosition } from '../ports/audit-store.ts';
import type { VerifiedRecord } from '../sealing/record-check.ts';
import type { VerifiedAnswer } from './judge-answer.ts';
import type { RequestRecordOutput, Withheld } from './record-query.ts';
import type { SentRecord } from './requested-record.ts';

type Receipt = { readonly request: Hex; readonly response: Hex; readonly requested: LogPosition; readonly received: LogPosition };

/** Fields that no delivered record has stand once. */
const withheldOf = (records: readonly VerifiedRecord[]): Withheld[] => {
  const delivered = records.flatMap((record) => ('values' in record ? [record.withheldFields] : []));
  const lackedBy =
    (field: string) =>
    (fields: readonly string[]): boolean =>
      fields === delivered[0] || fields.includes(field);
  const everywhere = (delivered[0] ?? []).filter((field) => delivered.every(lackedBy(field)));
  return [
    ...everywhere.map((field): Withheld => ({ field, reason: 'not-authorized' })),
    ...records.flatMap((record, number): Withheld[] =>
      'values' in record
        ? record.withheldFields
            .filter((field) => !everywhere.includes(field))
            .map((field) => ({ record: number, field, reason: 'not-authorized' }))
        : [{ record: number, reason: record.withheld }],
    ),
  ];
};

/** What the caller gets: the records that left, what was withheld and why, and where all of it is proved and logged. */
export const presentAnswer = (
  { provider, claims }: SentRecord,
  { response, block, root, records }: VerifiedAnswer,
  receipt: Receipt,
): RequestRecordOutput => ({
  usage: claims.usage,
  outcome: 'ok',
  provider,
  dataset: response.dataset,
  version: response.version as number,
  block,
  priceFen: response.priceFen,
  records: records.flatMap((record) => ('values' in record ? [record.values] : [])),
  withheld: withheldOf(records),
  proof: { root, verified: true },
  receipt: { ...receipt, served: response.leaf },
});
