import { featuresCommitment } from './feature.ts';
import type { DatasetId, Hex, MemberId } from './ids.ts';
import type { Model } from './registry-state.ts';
import type { RegistryView } from './registry-view.ts';
import { ok, type Result, refuse } from './result.ts';
import { epochOf } from './score-epoch.ts';
import type { SessionTerms } from './score-session.ts';
import { usableModel } from './usable-model.ts';

/** One contribution of a session that is possible now: who makes it, from which version under which root, describing which month. */
export type PossibleContribution = {
  readonly dataset: DatasetId;
  readonly provider: MemberId;
  readonly version: number;
  readonly root: Hex;
  readonly epoch: number;
};

/** The current version of a dataset with its commitment to features. Refuses with DATASET_UNKNOWN, DATASET_UNPUBLISHED, FEATURES_UNCOMMITTED. */
export const possibleContribution = (view: RegistryView, id: DatasetId): Result<PossibleContribution> => {
  const dataset = view.dataset(id);
  if (dataset === undefined) return refuse('DATASET_UNKNOWN', { dataset: id });
  const version = view.datasetVersion(id, dataset.version);
  if (version === undefined) return refuse('DATASET_UNPUBLISHED', { dataset: id });
  const { name, suite } = featuresCommitment;
  const root = version.commitments.find((commitment) => commitment.name === name && commitment.suite === suite)?.root;
  if (root === undefined) return refuse('FEATURES_UNCOMMITTED', { dataset: id, version: version.version });
  return ok({ dataset: id, provider: dataset.owner, version: version.version, root, epoch: epochOf(version.asOf) });
};

/** All of a model's, in the order of its parts: of one month, of members of which none is the consumer and none stands twice. */
export const possibleContributions = (view: RegistryView, model: Model, consumer: MemberId): Result<readonly PossibleContribution[]> => {
  const contributions: PossibleContribution[] = [];
  for (const { dataset } of model.parts) {
    const one = possibleContribution(view, dataset);
    if (!one.ok) return one;
    if (one.value.provider === consumer || contributions.some(({ provider }) => provider === one.value.provider))
      return refuse('SCORE_PROVIDER_REPEATED', { dataset, member: one.value.provider });
    contributions.push(one.value);
  }
  const [first] = contributions;
  const other = contributions.find(({ epoch }) => epoch !== first?.epoch);
  if (other !== undefined) return refuse('SCORE_EPOCHS_DIFFER', { dataset: other.dataset, epoch: other.epoch, expected: first!.epoch });
  return ok(contributions);
};

/**
 * Holds a session's terms against the registries at the view's block: model, versions, roots, epoch, subject commitment. Whoever decides asks it of a view of its own.
 * Refuses with the codes of `usableModel` and `possibleContributions`, SCORE_TERMS_MISMATCH (detail.what, detail.dataset).
 */
export const checkTerms = (
  view: RegistryView,
  terms: SessionTerms,
): Result<{ readonly model: Model; readonly contributions: readonly PossibleContribution[] }> => {
  const model = usableModel(view, terms.model, terms.modelVersion, terms.consumer);
  if (!model.ok) return model;
  const possible = possibleContributions(view, model.value, terms.consumer);
  if (!possible.ok) return possible;
  if (terms.contributions.length !== possible.value.length) return refuse('SCORE_TERMS_MISMATCH', { what: 'contributions' });
  for (const [place, expected] of possible.value.entries()) {
    const given = terms.contributions[place]!;
    const { dataset } = expected;
    if (given.dataset !== dataset) return refuse('SCORE_TERMS_MISMATCH', { what: 'dataset', dataset });
    if (given.version !== expected.version) return refuse('SCORE_TERMS_MISMATCH', { what: 'version', dataset });
    if (given.root !== expected.root) return refuse('SCORE_TERMS_MISMATCH', { what: 'root', dataset });
  }
  if (terms.epoch !== possible.value[0]?.epoch) return refuse('SCORE_TERMS_MISMATCH', { what: 'epoch' });
  if (view.consent(terms.authorization)?.subject !== terms.subject) return refuse('SCORE_TERMS_MISMATCH', { what: 'subject' });
  return ok({ model: model.value, contributions: possible.value });
};
