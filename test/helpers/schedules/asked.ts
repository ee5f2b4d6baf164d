import { type ConsentPlan, type ConsumerName, type DatasetName, fieldNames, purposeNames, type Query } from './schedule.ts';

/** What a query says, in the model's words. */
export type Asked = {
  readonly consumer: ConsumerName;
  readonly dataset: DatasetName | 'nowhere';
  readonly fields: readonly string[];
  readonly purpose: string;
  readonly operation: 'raw' | 'score' | 'verify';
  readonly subject: 0 | 1;
  readonly reviewer: 'other' | 'same' | undefined;
  readonly consent: number | 'unknown' | undefined;
  readonly grant: Query['grant'];
};

/** A query fits its consent but for its twist. */
export const askedBy = (plans: readonly ConsentPlan[], { consent, grant, twist }: Query): Asked => {
  const plan = plans[consent] as ConsentPlan;
  const [scope] = plan.scopes as [ConsentPlan['scopes'][number]];
  const [operation] = plan.operations as ['raw' | 'score'];
  const right: Asked = {
    consumer: plan.grantee,
    dataset: scope.dataset,
    fields: scope.fields.slice(0, 1),
    purpose: plan.purpose,
    operation,
    subject: plan.subject,
    reviewer: 'other',
    consent,
    grant,
  };
  const changes: Record<Query['twist'], Partial<Asked>> = {
    none: {},
    consumer: { consumer: plan.grantee === 'bank' ? 'rival' : 'bank' },
    dataset: { dataset: scope.dataset === 'meter' ? 'loan' : 'meter' },
    open: { dataset: 'open' },
    'unknown-dataset': { dataset: 'nowhere' },
    'both-fields': { fields: fieldNames },
    field: { fields: ['nothing'] },
    purpose: { purpose: plan.purpose === purposeNames[0] ? purposeNames[1] : purposeNames[0] },
    'unlisted-purpose': { purpose: 'curiosity' },
    operation: { operation: operation === 'raw' ? 'score' : 'raw' },
    verify: { operation: 'verify' },
    subject: { subject: plan.subject === 0 ? 1 : 0 },
    'no-consent': { consent: undefined },
    'unknown-consent': { consent: 'unknown' },
    'no-reviewer': { reviewer: undefined },
    'same-reviewer': { reviewer: 'same' },
  };
  return { ...right, ...changes[twist] };
};
