import { getAddress } from 'ethers';
import { consentDomain, recoverWithdrawalSigner } from '../domain/consent-typed-data.ts';
import type { Address, ConsentId, MemberId } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { withdrawConsent } from '../ports/ledger-calls.ts';
import type { SignedWithdrawal } from './held-withdrawals.ts';
import type { Modules } from './modules.ts';

export type RelayWithdrawalInput = SignedWithdrawal & {
  /** The member whose gateway handed it on; undefined: the subject itself. */
  readonly from?: MemberId;
};
/** 'held': nothing more is served here under the consent; the chain is being told until it is final. */
export type RelayWithdrawalOutput = { readonly consent: ConsentId; readonly state: 'held' | 'final' };

/** How long the caller waits for the chain, in milliseconds; it goes on in the background. */
const waitMs = 5_000;

/**
 * Stops a consent at once and for good: held durably before anything else, so that nothing is served under it here from now on, then put on chain and told to the
 * grantee and the providers it names, each retried until done. Never depends on the age of the mirror or on a pause. Refuses with WITHDRAWAL_INVALID.
 */
export const relayWithdrawal = async (modules: Modules, input: RelayWithdrawalInput): Promise<Result<RelayWithdrawalOutput>> => {
  const { ledger, writer, held, outbox, member } = modules;
  const key = getAddress(input.key) as Address;
  const withdrawal: SignedWithdrawal = { consent: input.consent, key, signature: input.signature };
  const view = ledger.head();
  const consent = view.consent(input.consent);
  if (consent !== undefined && getAddress(consent.key) !== key) return refuse('WITHDRAWAL_INVALID', { consent: input.consent });
  const final = { consent: input.consent, state: 'final' } as const;
  if (consent?.state === 'withdrawn' || view.consentBarred(input.consent, key)) return ok(final);

  const domain = consentDomain(ledger.chainId, ledger.address('consent-registry'));
  const signer = recoverWithdrawalSigner(domain, { consent: input.consent }, input.signature);
  if (signer !== key) {
    // The account may be a contract (EIP-1271): only the chain can ask it.
    const included = await writer.submit(withdrawConsent(input.consent, key, input.signature));
    if (included.ok) return ok(final);
    return included.refusal.code === 'LEDGER_CALL_REVERTED' ? refuse('WITHDRAWAL_INVALID', { consent: input.consent }) : included;
  }

  await held.hold(withdrawal);
  const work = await outbox.enqueue({ kind: 'withdrawal', withdrawal });
  if (input.from === undefined && consent !== undefined) {
    const owners = consent.scopes.map((scope) => view.dataset(scope.dataset)?.owner);
    const others = new Set([consent.grantee, ...owners].filter((id): id is MemberId => id !== undefined && id !== member));
    await Promise.all([...others].map((to) => outbox.enqueue({ kind: 'notice', to, withdrawal })));
  }
  return ok((await outbox.finished(work, waitMs)) ? final : { consent: input.consent, state: 'held' });
};
