import type { CheckedOpening } from '../domain/credential.ts';
import type { LeafDraft } from '../domain/usage-leaf.ts';
import type { UsageFacts } from './leaf-values.ts';
import type { RequestRecordInput } from './record-query.ts';
import type { SentRecord } from './requested-record.ts';

/** What both of the consumer's leaves of a usage commit to. */
export const factsOfSent = (
  { provider, reviewer, priceFen, claims }: SentRecord,
  input: RequestRecordInput,
  subject: { readonly type: string; readonly code: string },
): UsageFacts => ({
  counterparty: provider,
  subject,
  staff: input.staff.name,
  reviewer,
  grant: claims.grant ?? undefined,
  consent: claims.consent ?? undefined,
  dataset: claims.dataset,
  fields: claims.fields,
  purpose: claims.purpose,
  operation: claims.operation,
  priceFen: BigInt(priceFen),
  message: undefined,
});

/** Under which consent the leaf is tagged for the subject. */
export const tagOf = ({ claims }: SentRecord, opening: CheckedOpening | undefined): LeafDraft['consent'] =>
  claims.consent === null || opening === undefined ? undefined : { id: claims.consent, historyKey: opening.historyKey };
