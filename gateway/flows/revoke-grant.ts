import { encodeChainCode } from '../domain/chain-code.ts';
import type { GrantId } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { revokeGrant as revokeCall } from '../ports/ledger-calls.ts';
import type { Modules } from './modules.ts';

/** `reason` is a code of up to 31 characters; it stands on chain. */
export type GrantRevoked = { readonly grant: GrantId; readonly reason: string };

/** The provider ends a grant for good. Decided on the newest block known, whatever its age: revoking never waits. */
export const revokeGrant = async (
  { member, ledger, writer }: Modules,
  { grant, reason }: GrantRevoked,
): Promise<Result<{ readonly block: number }>> => {
  const found = ledger.head().grant(grant);
  if (found === undefined) return refuse('GRANT_UNKNOWN', { grant });
  if (found.provider !== member) return refuse('GRANT_NOT_OURS', { grant });
  if (found.state === 'revoked') return refuse('GRANT_REVOKED', { grant });
  const included = await writer.submit(revokeCall(grant, encodeChainCode(reason)));
  return included.ok ? ok({ block: included.value.block }) : included;
};
