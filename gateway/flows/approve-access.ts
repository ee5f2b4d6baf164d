import { XinshuError } from '../domain/errors.ts';
import { checkScope, scopeWithin } from '../domain/grant-scope.ts';
import type { GrantId, Hex, RequestId } from '../domain/ids.ts';
import type { GrantScope } from '../domain/registry-state.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { approveAccess as approveCall } from '../ports/ledger-calls.ts';
import { decideFresh } from './decide-fresh.ts';
import { eventId } from './grant-event.ts';
import type { Modules } from './modules.ts';

/** What is left out is as the request asks (scope) and as the catalog says (price, terms). */
export type AccessApproved = {
  readonly request: RequestId;
  readonly scope: Partial<GrantScope>;
  readonly priceFen: bigint | undefined;
  readonly termsHash: Hex | undefined;
};
export type GrantMade = { readonly grant: GrantId; readonly block: number };

/** The provider grants an open request, within what it asks. */
export const approveAccess = async (
  { member, ledger, writer, clock }: Modules,
  { request, scope, priceFen, termsHash }: AccessApproved,
): Promise<Result<GrantMade>> => {
  const view = await decideFresh({ ledger, clock });
  if (!view.ok) return view;
  const asked = view.value.request(request);
  const dataset = asked === undefined ? undefined : view.value.dataset(asked.dataset);
  if (asked === undefined || dataset === undefined) return refuse('ACCESS_REQUEST_UNKNOWN', { request });
  if (dataset.owner !== member) return refuse('GRANT_NOT_OURS', { request });
  if (asked.state !== 'open') return refuse('ACCESS_REQUEST_CLOSED', { request, state: asked.state });
  const granted = { ...asked.scope, ...scope };
  const within = scopeWithin(granted, asked.scope);
  if (!within.ok) return within;
  const checked = checkScope(granted, dataset, view.value.block.time);
  if (!checked.ok) return checked;
  const included = await writer.submit(approveCall(request, granted, priceFen ?? dataset.priceFen, termsHash ?? dataset.termsHash));
  if (!included.ok) return included;
  const grant = eventId(included.value, 'Granted');
  if (grant === undefined) throw new XinshuError('LEDGER_ANSWER_INVALID', { method: 'approve', transaction: included.value.transaction });
  return ok({ grant: grant as GrantId, block: included.value.block });
};
