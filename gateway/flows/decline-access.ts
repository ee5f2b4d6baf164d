import { encodeChainCode } from '../domain/chain-code.ts';
import type { RequestId } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { declineAccess as declineCall } from '../ports/ledger-calls.ts';
import type { Modules } from './modules.ts';

/** `reason` is a code of up to 31 characters; it stands on chain. */
export type AccessDeclined = { readonly request: RequestId; readonly reason: string };

/** The provider declines an open request. */
export const declineAccess = async (
  { member, ledger, writer }: Modules,
  { request, reason }: AccessDeclined,
): Promise<Result<{ readonly block: number }>> => {
  const view = ledger.head();
  const asked = view.request(request);
  if (asked === undefined) return refuse('ACCESS_REQUEST_UNKNOWN', { request });
  if (view.dataset(asked.dataset)?.owner !== member) return refuse('GRANT_NOT_OURS', { request });
  if (asked.state !== 'open') return refuse('ACCESS_REQUEST_CLOSED', { request, state: asked.state });
  const included = await writer.submit(declineCall(request, encodeChainCode(reason)));
  return included.ok ? ok({ block: included.value.block }) : included;
};
