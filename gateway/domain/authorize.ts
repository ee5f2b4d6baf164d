import type { Ask, Authorization } from './ask.ts';
import { coveringConsent } from './authorize-consent.ts';
import { coveringGrant } from './authorize-grant.ts';
import { checkMember } from './membership.ts';
import { purposeInForce } from './purposes.ts';
import type { Dataset, DatasetVersion } from './registry-state.ts';
import type { RegistryView } from './registry-view.ts';
import { ok, type Result, refuse } from './result.ts';
import { checkReview } from './review.ts';

/** The dataset and its current version, if it is served at all and has every field and the operation asked for. */
const checkDataset = (view: RegistryView, ask: Ask): Result<{ dataset: Dataset; version: DatasetVersion }> => {
  const facts = { dataset: ask.dataset };
  const dataset = view.dataset(ask.dataset);
  if (dataset === undefined) return refuse('DATASET_UNKNOWN', facts);
  if (dataset.retired) return refuse('DATASET_RETIRED', facts);
  const provider = checkMember(view, dataset.owner, 'provider');
  if (!provider.ok) return provider;
  if (dataset.shareClass === 'withheld') return refuse('DATASET_WITHHELD', facts);
  const version = dataset.version === 0 ? undefined : view.datasetVersion(dataset.id, dataset.version);
  if (version === undefined) return refuse('DATASET_UNPUBLISHED', facts);
  if (purposeInForce(ask.purpose, view.block.time) === undefined) return refuse('PURPOSE_UNKNOWN', { purpose: ask.purpose });
  if (!dataset.operations.includes(ask.operation)) return refuse('OPERATION_NOT_ALLOWED', { ...facts, operation: ask.operation });
  const unknown = ask.fields.find((field) => !dataset.fields.some(({ name }) => name === field));
  if (unknown !== undefined || ask.fields.length === 0) return refuse('FIELD_UNKNOWN', { ...facts, field: unknown ?? '' });
  return ok({ dataset, version });
};

/**
 * Decides one usage at the view's block, default deny: consumer, dataset, provider, version, purpose, operation, fields, then grant, consent, opening, credential,
 * review, always in this order and each with its own code. Both sides ask this same function; the answer depends on its arguments alone, so it can be asked
 * again years later. Counts (uses, quotas) are not decided here but with the log append that serves them.
 */
export const authorize = (view: RegistryView, ask: Ask): Result<Authorization> => {
  const consumer = checkMember(view, ask.consumer, 'consumer');
  if (!consumer.ok) return consumer;
  const served = checkDataset(view, ask);
  if (!served.ok) return served;
  const { dataset, version } = served.value;
  const common = { block: view.block, provider: dataset.owner, dataset, version, grade: dataset.grade };
  if (dataset.shareClass === 'open' && dataset.grade === 1) return ok({ ...common, basis: 'open', priceFen: dataset.priceFen });
  const grant = coveringGrant(view, dataset, ask);
  if (!grant.ok) return grant;
  const consent = coveringConsent(view, dataset, ask);
  if (!consent.ok) return consent;
  const review = checkReview(dataset.grade, ask.requester, ask.reviewer);
  if (!review.ok) return review;
  return ok({ ...common, basis: 'consent', grant: grant.value, consent: consent.value, priceFen: grant.value.priceFen });
};
