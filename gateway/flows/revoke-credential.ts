import type { CredentialId } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { revokeCredential as revokeCall } from '../ports/ledger-calls.ts';
import type { IssuedCredential } from './issue-credential.ts';
import type { Modules } from './modules.ts';

/** Ends a credential this institution issued: every consent under it is refused from that block on. Never waits for a fresh block. */
export const revokeCredential = async (
  { member, ledger, writer, documents }: Modules,
  { credential }: { readonly credential: CredentialId },
): Promise<Result<{ readonly block: number }>> => {
  if ((await documents.get<IssuedCredential>('issuedCredential', credential)) === undefined)
    return refuse('CREDENTIAL_UNKNOWN', { credential });
  if (ledger.head().credentialRevoked(member, credential)) return refuse('CREDENTIAL_REVOKED_ALREADY', { credential });
  const included = await writer.submit(revokeCall(credential));
  return included.ok ? ok({ block: included.value.block }) : included;
};
