import type { RequestId } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { cancelAccess as cancelCall } from '../ports/ledger-calls.ts';
import type { Modules } from './modules.ts';

/** The consumer takes an open request back. */
export const cancelAccess = async (
  { member, ledger, writer }: Modules,
  { request }: { readonly request: RequestId },
): Promise<Result<{ readonly block: number }>> => {
  const asked = ledger.head().request(request);
  if (asked === undefined) return refuse('ACCESS_REQUEST_UNKNOWN', { request });
  if (asked.consumer !== member) return refuse('GRANT_NOT_OURS', { request });
  if (asked.state !== 'open') return refuse('ACCESS_REQUEST_CLOSED', { request, state: asked.state });
  const included = await writer.submit(cancelCall(request));
  return included.ok ? ok({ block: included.value.block }) : included;
};
