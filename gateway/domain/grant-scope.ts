import { purposeInForce } from './purposes.ts';
import type { Dataset, GrantScope } from './registry-state.ts';
import { ok, type Result, refuse } from './result.ts';

const repeated = (words: readonly string[]): string | undefined => words.find((word, at) => words.indexOf(word) !== at);
const outside = <T extends string>(asked: readonly T[], offered: readonly T[]): T | undefined =>
  asked.find((word) => !offered.includes(word));

/**
 * What the GrantRegistry and the purpose table will say to this scope at block time `now` (seconds), so that a steward hears it before a transaction is paid for.
 * Refuses with FIELD_UNKNOWN, PURPOSE_UNKNOWN, OPERATION_NOT_ALLOWED or SCOPE_INVALID; `detail` names the offending part.
 */
export const checkScope = (scope: GrantScope, dataset: Dataset, now: number): Result<GrantScope> => {
  if (scope.fields.length === 0 || scope.purposes.length === 0 || scope.operations.length === 0)
    return refuse('SCOPE_INVALID', { part: 'empty' });
  const twice = repeated(scope.fields) ?? repeated(scope.purposes) ?? repeated(scope.operations);
  if (twice !== undefined) return refuse('SCOPE_INVALID', { repeated: twice });
  const field = outside(
    scope.fields,
    dataset.fields.map(({ name }) => name),
  );
  if (field !== undefined) return refuse('FIELD_UNKNOWN', { dataset: dataset.id, field });
  const purpose = scope.purposes.find((code) => purposeInForce(code, now) === undefined);
  if (purpose !== undefined) return refuse('PURPOSE_UNKNOWN', { purpose });
  const operation = outside(scope.operations, dataset.operations);
  if (operation !== undefined) return refuse('OPERATION_NOT_ALLOWED', { operation });
  if (scope.notBefore >= scope.notAfter || scope.notAfter <= now)
    return refuse('SCOPE_INVALID', { notBefore: scope.notBefore, notAfter: scope.notAfter });
  return ok(scope);
};

/** Whether `inner` lies within `outer`: the rule of GrantRegistry.approve. Names the first part that does not. Quota 0 is unlimited. */
export const scopeWithin = (inner: GrantScope, outer: GrantScope): Result<GrantScope> => {
  const beyond = (part: string) => refuse('SCOPE_BEYOND_REQUEST', { part });
  if (outside(inner.fields, outer.fields) !== undefined) return beyond('fields');
  if (outside(inner.purposes, outer.purposes) !== undefined) return beyond('purposes');
  if (outside(inner.operations, outer.operations) !== undefined) return beyond('operations');
  if (inner.notBefore < outer.notBefore) return beyond('notBefore');
  if (inner.notAfter > outer.notAfter) return beyond('notAfter');
  if (outer.quota !== 0 && (inner.quota === 0 || inner.quota > outer.quota)) return beyond('quota');
  return ok(inner);
};
