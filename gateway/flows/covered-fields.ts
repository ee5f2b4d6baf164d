import type { MemberId } from '../domain/ids.ts';
import type { RegistryView } from '../domain/registry-view.ts';
import type { RequestRecordInput } from './record-query.ts';

/**
 * The fields of a query that names none: those of the dataset that the consent covers and some live grant of the consumer's too, by the grant that covers most of
 * them. When nothing is covered, all fields of the dataset, so that authorize() says what is missing.
 */
export const coveredFields = (view: RegistryView, consumer: MemberId, input: RequestRecordInput): readonly string[] => {
  const dataset = view.dataset(input.dataset);
  if (dataset === undefined) return [];
  const all = dataset.fields.map((field) => field.name);
  if (dataset.shareClass === 'open' && dataset.grade === 1) return all;
  const consent = input.consent === undefined ? undefined : view.consent(input.consent);
  const scopes = consent?.scopes.filter((scope) => scope.dataset === dataset.id) ?? [];
  const consented = all.filter((field) => scopes.some((scope) => scope.fields.includes(field)));
  const grants = view.grantsOf(dataset.id, consumer).filter((grant) => grant.state === 'live' && (input.grant ?? grant.id) === grant.id);
  const covered = grants.map((grant) => consented.filter((field) => grant.scope.fields.includes(field)));
  const most = covered.sort((a, b) => b.length - a.length)[0] ?? [];
  return most.length > 0 ? most : all;
};
