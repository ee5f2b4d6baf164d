import { XinshuError } from '../domain/errors.ts';
import { checkScope } from '../domain/grant-scope.ts';
import type { DatasetId, GrantId, RequestId } from '../domain/ids.ts';
import type { GrantScope } from '../domain/registry-state.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { requestAccess as requestCall } from '../ports/ledger-calls.ts';
import { decideFresh } from './decide-fresh.ts';
import { eventId } from './grant-event.ts';
import type { Modules } from './modules.ts';

export type AccessAsked = { readonly dataset: DatasetId; readonly scope: GrantScope };
/** `grant` is there when the dataset's policy granted the request by itself. */
export type AccessAnswered = { readonly request: RequestId; readonly grant: GrantId | undefined; readonly block: number };

/** Asks the owner of a dataset for access, on chain. */
export const requestAccess = async (
  { member, ledger, writer, clock }: Modules,
  { dataset, scope }: AccessAsked,
): Promise<Result<AccessAnswered>> => {
  const view = await decideFresh({ ledger, clock });
  if (!view.ok) return view;
  const found = view.value.dataset(dataset);
  if (found === undefined) return refuse('DATASET_UNKNOWN', { dataset });
  if (found.owner === member) return refuse('DATASET_OWN', { dataset });
  if (found.retired) return refuse('DATASET_RETIRED', { dataset });
  if (found.shareClass === 'withheld') return refuse('DATASET_WITHHELD', { dataset });
  const checked = checkScope(scope, found, view.value.block.time);
  if (!checked.ok) return checked;
  const included = await writer.submit(requestCall(dataset, scope));
  if (!included.ok) return included;
  const request = eventId(included.value, 'AccessRequested');
  if (request === undefined) throw new XinshuError('LEDGER_ANSWER_INVALID', { method: 'request', transaction: included.value.transaction });
  return ok({
    request: request as RequestId,
    grant: eventId(included.value, 'Granted') as GrantId | undefined,
    block: included.value.block,
  });
};
