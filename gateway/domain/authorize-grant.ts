import type { Ask } from './ask.ts';
import type { ErrorCode } from './errors.ts';
import type { Dataset, Grant } from './registry-state.ts';
import type { RegistryView } from './registry-view.ts';
import { ok, type Result, refuse } from './result.ts';

type GrantAsk = Pick<Ask, 'consumer' | 'fields' | 'purpose' | 'operation' | 'grant'>;

// The order of the checks: a refusal further on is nearer to a grant that fits.
const order: readonly ErrorCode[] = [
  'GRANT_MISMATCH',
  'GRANT_REVOKED',
  'GRANT_EXPIRED',
  'GRANT_NOT_YET_VALID',
  'GRANT_FIELD_MISMATCH',
  'GRANT_PURPOSE_MISMATCH',
  'GRANT_OPERATION_MISMATCH',
];

const check = (grant: Grant, dataset: Dataset, ask: GrantAsk, time: number): Result<Grant> => {
  const { scope } = grant;
  if (grant.consumer !== ask.consumer || grant.dataset !== dataset.id || grant.provider !== dataset.owner) return refuse('GRANT_MISMATCH');
  if (grant.state !== 'live') return refuse('GRANT_REVOKED', { grant: grant.id });
  if (time >= scope.notAfter) return refuse('GRANT_EXPIRED', { grant: grant.id, notAfter: scope.notAfter });
  if (time < scope.notBefore) return refuse('GRANT_NOT_YET_VALID', { grant: grant.id, notBefore: scope.notBefore });
  const outside = ask.fields.find((field) => !scope.fields.includes(field));
  if (outside !== undefined) return refuse('GRANT_FIELD_MISMATCH', { grant: grant.id, field: outside });
  if (!scope.purposes.includes(ask.purpose)) return refuse('GRANT_PURPOSE_MISMATCH', { grant: grant.id, purpose: ask.purpose });
  if (!scope.operations.includes(ask.operation)) return refuse('GRANT_OPERATION_MISMATCH', { grant: grant.id, operation: ask.operation });
  return ok(grant);
};

/** The cheapest first, then the one that lasts longest, then by id: both sides must find the same one. */
const byPreference = (a: Grant, b: Grant): number => {
  if (a.priceFen !== b.priceFen) return a.priceFen < b.priceFen ? -1 : 1;
  if (a.scope.notAfter !== b.scope.notAfter) return b.scope.notAfter - a.scope.notAfter;
  return a.id < b.id ? -1 : 1;
};

/**
 * The grant that covers an ask at the view's block: the one it names, or the best of the consumer's own that fits. When none fits, the refusal is that of the
 * one that came furthest. Refuses with GRANT_MISSING or the GRANT_ codes above. Quotas are counted where they are served, not here.
 */
export const coveringGrant = (view: RegistryView, dataset: Dataset, ask: GrantAsk): Result<Grant> => {
  if (ask.grant !== undefined) {
    const named = view.grant(ask.grant);
    return named === undefined ? refuse('GRANT_MISSING', { grant: ask.grant }) : check(named, dataset, ask, view.block.time);
  }
  const checked = view.grantsOf(dataset.id, ask.consumer).map((grant) => check(grant, dataset, ask, view.block.time));
  const [best] = checked.flatMap((result) => (result.ok ? [result.value] : [])).sort(byPreference);
  if (best !== undefined) return ok(best);
  const [nearest] = checked
    .flatMap((result) => (result.ok ? [] : [result]))
    .sort((a, b) => order.indexOf(b.refusal.code) - order.indexOf(a.refusal.code));
  return nearest ?? refuse('GRANT_MISSING');
};
