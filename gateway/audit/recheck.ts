import type { Ask } from '../domain/ask.ts';
import { authorize } from '../domain/authorize.ts';
import type { CheckedShown } from '../domain/credential.ts';
import { type ConsentId, type DatasetId, type GrantId, isBytes32, isDatasetId, isMemberId, type MemberId } from '../domain/ids.ts';
import type { Grant } from '../domain/registry-state.ts';
import type { RegistryView } from '../domain/registry-view.ts';
import type { Result } from '../domain/result.ts';
import { checkReview } from '../domain/review.ts';
import { parseSubject } from '../domain/subject.ts';
import { type Operation, operations } from '../domain/vocabulary.ts';
import type { Finding } from './finding.ts';
import type { OpenedLeaf } from './leaf.ts';

const jsonOf = (text: string | undefined): unknown => {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
};

const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((one) => typeof one === 'string');
const fieldsOf = (text: string | undefined): string[] | undefined => {
  const value = jsonOf(text);
  return isTexts(value) ? value : undefined;
};
const subjectOf = (text: string | undefined, time: number) => {
  const value = jsonOf(text) as { type?: unknown; code?: unknown } | undefined;
  if (typeof value?.type !== 'string' || typeof value.code !== 'string') return undefined;
  const subject = parseSubject(value.type, value.code, time);
  return subject.ok ? subject.value : undefined;
};
const idOf = (text: string | undefined) => (text === undefined || isBytes32(text) ? { id: text } : undefined);

/** The question that this entry says it answered, or the name of the value that no gateway writes so. */
const askOf = ({ values }: OpenedLeaf, time: number, opening: CheckedShown | undefined): Ask | string => {
  const { counterparty, dataset, purpose, operation, staff, reviewer } = values;
  const [fields, subject] = [fieldsOf(values.fields), subjectOf(values.subject, time)];
  const [grant, consent] = [idOf(values.grant), idOf(values.consent)];
  if (counterparty === undefined || !isMemberId(counterparty)) return 'counterparty';
  if (dataset === undefined || !isDatasetId(dataset)) return 'dataset';
  if (fields === undefined) return 'fields';
  if (purpose === undefined) return 'purpose';
  if (!operations.includes(operation as Operation)) return 'operation';
  if (subject === undefined) return 'subject';
  if (staff === undefined) return 'staff';
  if (grant === undefined) return 'grant';
  if (consent === undefined) return 'consent';
  return {
    consumer: counterparty,
    dataset: dataset as DatasetId,
    fields,
    purpose,
    operation: operation as Operation,
    subject,
    requester: staff,
    reviewer: reviewer ?? null,
    grant: grant.id as GrantId | undefined,
    consent: consent.id as ConsentId | undefined,
    opening,
    // Which issuers a provider accepts is its own affair; that they may speak for anybody is the chain's.
    issuersAccepted: null,
  };
};

/** What one served use is counted under, and how often that was allowed at its block; `undefined`: as often as asked for. */
export type Count = { readonly kind: 'over-use' | 'over-quota'; readonly key: string; readonly limit: number | undefined };

export type Rechecked = {
  readonly findings: readonly Finding[];
  readonly counts: readonly Count[];
  /** The consent without whose opening nothing more can be said. */
  readonly closed: ConsentId | undefined;
};

const isOfCredential = (code: string): boolean => code.startsWith('CREDENTIAL_') || code === 'CONSENT_OPENING_INVALID';

const quotaOf = ({ id, scope }: Grant): Count => ({
  kind: 'over-quota',
  key: `grant/${id}`,
  limit: scope.quota === 0 ? undefined : scope.quota,
});

/** Everything authorize() asks, but for what only the consent's opening shows. */
const decide = (view: RegistryView, ask: Ask): ReturnType<typeof authorize> => {
  const decided = authorize(view, ask);
  if (decided.ok || decided.refusal.code !== 'CONSENT_OPENING_MISSING') return decided;
  const dataset = view.dataset(ask.dataset)!;
  const review = checkReview(dataset.grade, ask.requester, ask.reviewer);
  return review.ok ? decided : review;
};

/**
 * Decides a served usage again at the block it names, on the auditor's own view of the chain, with the function that both gateways asked (domain/authorize.ts):
 * members, dataset and version, purpose, grant, consent, review and price; with the consent's opening also that it is the subject's own and that the credential
 * held. `shown` is that opening as it was checked, or why it does not hold by itself. A grant that the entry does not name is looked for, as the provider did.
 */
export const recheckServed = (
  view: RegistryView,
  provider: MemberId,
  entry: OpenedLeaf,
  shown: Result<CheckedShown> | undefined,
): Rechecked => {
  const { usage, index } = entry;
  const entries = [{ member: provider, index }];
  const found = (kind: Finding['kind'], what: string): Rechecked => ({
    findings: [{ kind, member: provider, usage, what, entries }],
    counts: countsOf(view, entry),
    closed: undefined,
  });
  const at = `at block ${view.block.number}`;
  const ask = askOf(entry, view.block.time, shown?.ok === true ? shown.value : undefined);
  if (typeof ask === 'string') return found('malformed', ask);
  if (view.dataset(ask.dataset)?.owner !== provider) return found('unauthorized', `DATASET_UNKNOWN ${at}`);
  const decided = decide(view, ask);
  if (!decided.ok && decided.refusal.code === 'CONSENT_WITHDRAWN') return found('after-withdrawal', `CONSENT_WITHDRAWN ${at}`);
  if (!decided.ok && decided.refusal.code !== 'CONSENT_OPENING_MISSING')
    return found(isOfCredential(decided.refusal.code) ? 'credential-invalid' : 'unauthorized', `${decided.refusal.code} ${at}`);
  if (!decided.ok && shown?.ok === false) return found('credential-invalid', `${shown.refusal.code} ${at}`);
  if (!decided.ok && ask.grant === undefined) return found('malformed', 'grant');
  const price = decided.ok ? decided.value.priceFen : view.grant(ask.grant!)?.priceFen;
  if (entry.values.price !== price?.toString()) return found('differs', `price ${at}`);
  return { findings: [], counts: countsOf(view, entry), closed: decided.ok ? undefined : ask.consent };
};

/** Counted as the provider must have counted, whether it should have served or not. What the chain does not know allowed nothing. */
const countsOf = (view: RegistryView, { values }: OpenedLeaf): readonly Count[] => {
  const counts: Count[] = [];
  if (values.consent !== undefined && isBytes32(values.consent)) {
    const limit = view.consent(values.consent as ConsentId)?.maxUses ?? 0;
    counts.push({ kind: 'over-use', key: `consent/${values.consent}/${values.dataset}`, limit });
  }
  if (values.grant !== undefined && isBytes32(values.grant)) {
    const grant = view.grant(values.grant as GrantId);
    counts.push(grant === undefined ? { kind: 'over-quota', key: `grant/${values.grant}`, limit: 0 } : quotaOf(grant));
  }
  return counts;
};

/** The n-th use (from 1) under this count, if it is one too many. */
export const overrun = (provider: MemberId, entry: OpenedLeaf, { kind, limit }: Count, n: number): Finding | undefined =>
  limit === undefined || n <= limit
    ? undefined
    : {
        kind,
        member: provider,
        usage: entry.usage,
        what: `${n} of ${limit}`,
        entries: [{ member: provider, index: entry.index }],
      };
